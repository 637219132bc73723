//! A digest for programs: everything, nothing cut.

use super::{Digest, Ended, Hour, Named, Task};
use crate::domain::context::Context;
use crate::domain::json::value_to_json;
use crate::domain::values::{Instant, Value};
use serde_json::{Value as Json, json};

impl Digest {
    /// All of it.
    pub fn json(&self, context: &Context) -> Json {
        let plain = |value: Value| value_to_json(&value, context, &|id| id.text());
        let tasks = |tasks: &[Task]| -> Json {
            let task = |task: &Task| {
                json!({
                    "id": task.what.id.text(),
                    "text": task.what.name,
                    "due": plain(Value::Due(task.due)),
                    "with": all(&task.with),
                    "priority": (!task.priority.is_empty()).then_some(&task.priority),
                })
            };
            tasks.iter().map(task).collect()
        };
        let ended = |ended: &Ended| {
            let value: Json = ended
                .value
                .iter()
                .map(|it| plain(Value::Money(*it)))
                .collect();
            json!({ "count": ended.deals.len(), "value": value, "deals": all(&ended.deals) })
        };
        let results = &self.results;
        json!({
            "day": self.day.to_string(),
            "digest": match self.hour { Hour::Morning => "morning", Hour::Evening => "evening" },
            "overdue": tasks(&self.overdue),
            "today": tasks(&self.today),
            "tomorrow": tasks(&self.tomorrow),
            "dates": self.dates.iter().map(|(who, date)| json!({
                "id": who.id.text(), "name": who.name, "label": date.label,
                "day": date.day.to_string(), "years": date.years,
            })).collect::<Json>(),
            "losing-touch": self.losing_touch.iter().map(|silent| json!({
                "id": silent.who.id.text(), "name": silent.who.name, "cadence": silent.cadence,
                "last-contact": silent.last.map(|at| plain(Value::Instant(Instant(at)))),
                "why": silent.why,
            })).collect::<Json>(),
            "stale": self.stale.iter().map(|stale| json!({
                "id": stale.deal.id.text(), "title": stale.deal.name, "stage": stale.stage,
                "value": stale.value.map(|value| plain(Value::Money(value))), "days": stale.days,
            })).collect::<Json>(),
            "hot": self.hot.iter().map(|hot| json!({
                "id": hot.who.id.text(), "name": hot.who.name, "score": hot.score,
                "reasons": hot.reasons.iter().map(|reason| json!({
                    "points": reason.points, "words": reason.words,
                })).collect::<Json>(),
            })).collect::<Json>(),
            "results": {
                "day": results.day.to_string(),
                "activities": results.by_type(),
                "won": ended(&results.won),
                "lost": ended(&results.lost),
                "follow-ups-done": all(&results.done),
            },
        })
    }
}

fn all(named: &[Named]) -> Json {
    let one = |named: &Named| json!({ "id": named.id.text(), "name": named.name });
    named.iter().map(one).collect()
}
