//! Bytes packed for keeping: compressed with gzip, and encrypted with a passphrase where one is
//! given, in the format of age (<https://age-encryption.org/v1>), which other programs read.

use age::secrecy::SecretString;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::io::{self, BufRead, BufReader, Read, Write};

/// How an encrypted file begins.
const AGE: &[u8] = b"age-encryption.org/";
/// How a compressed file begins.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// 2 to this many rounds of scrypt: about a second on a machine of today, and what the `age`
/// program takes as a most is higher.
const WORK_FACTOR: u8 = 17;
/// No file is opened that asks for more work.
const MOST_WORK: u8 = 22;

/// Why a packed file cannot be opened.
#[derive(Debug)]
pub enum ArchiveError {
    /// It is encrypted, and no passphrase was given.
    NeedsPassphrase,
    /// The passphrase is not the right one.
    WrongPassphrase,
    /// It is damaged, or no such file.
    Damaged(io::Error),
}

/// Writes packed bytes; nothing is whole before [`Self::finish`].
pub struct Packer<W: Write>(Layers<W>);

enum Layers<W: Write> {
    Plain(GzEncoder<W>),
    Encrypted(GzEncoder<age::stream::StreamWriter<W>>),
}

impl<W: Write> Packer<W> {
    /// Packs into a writer, encrypted when there is a passphrase.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, passphrase: Option<&str>) -> io::Result<Self> {
        let level = Compression::default();
        let Some(passphrase) = passphrase else {
            return Ok(Self(Layers::Plain(GzEncoder::new(out, level))));
        };
        let secret = SecretString::from(passphrase.to_owned());
        let mut recipient = age::scrypt::Recipient::new(secret);
        recipient.set_work_factor(WORK_FACTOR);
        let recipients = std::iter::once(&recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
        let encrypted = encryptor.wrap_output(out)?;
        Ok(Self(Layers::Encrypted(GzEncoder::new(encrypted, level))))
    }

    /// Writes the end and gives the writer back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            Layers::Plain(packed) => packed.finish(),
            Layers::Encrypted(packed) => packed.finish()?.finish(),
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Layers::Plain(packed) => packed.write(bytes),
            Layers::Encrypted(packed) => packed.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Layers::Plain(packed) => packed.flush(),
            Layers::Encrypted(packed) => packed.flush(),
        }
    }
}

/// Whether packed bytes that begin so are encrypted.
pub fn is_encrypted(beginning: &[u8]) -> bool {
    beginning.starts_with(AGE)
}

/// The bytes of a packed file; of one that is not packed, as they are.
///
/// # Errors
/// When it is encrypted and the passphrase is missing or wrong, or it cannot be read.
pub fn unpack<'a>(
    input: impl Read + 'a,
    passphrase: Option<&str>,
) -> Result<Box<dyn BufRead + 'a>, ArchiveError> {
    let mut input = BufReader::new(input);
    let beginning = input.fill_buf().map_err(ArchiveError::Damaged)?;
    if !is_encrypted(beginning) {
        return decompressed(input);
    }
    let passphrase = passphrase.ok_or(ArchiveError::NeedsPassphrase)?;
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    let damaged = |error: age::DecryptError| ArchiveError::Damaged(io::Error::other(error));
    let decryptor = age::Decryptor::new_buffered(input).map_err(damaged)?;
    let plain = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity));
    match plain {
        Ok(plain) => decompressed(BufReader::new(plain)),
        Err(age::DecryptError::DecryptionFailed | age::DecryptError::NoMatchingKeys) => {
            Err(ArchiveError::WrongPassphrase)
        }
        Err(error) => Err(damaged(error)),
    }
}

fn decompressed<'a>(mut input: impl BufRead + 'a) -> Result<Box<dyn BufRead + 'a>, ArchiveError> {
    let beginning = input.fill_buf().map_err(ArchiveError::Damaged)?;
    if beginning.starts_with(GZIP) {
        Ok(Box::new(BufReader::new(MultiGzDecoder::new(input))))
    } else {
        Ok(Box::new(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: &[u8], passphrase: Option<&str>) -> Vec<u8> {
        let mut packer = Packer::new(Vec::new(), passphrase).expect("begins");
        packer.write_all(bytes).expect("written");
        packer.finish().expect("ends")
    }

    fn unpacked(bytes: &[u8], passphrase: Option<&str>) -> Result<Vec<u8>, ArchiveError> {
        let mut out = Vec::new();
        let mut input = unpack(bytes, passphrase)?;
        input.read_to_end(&mut out).map_err(ArchiveError::Damaged)?;
        Ok(out)
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let bytes = b"a line\n".repeat(3_000);
        for passphrase in [None, Some("correct horse")] {
            let packed = packed(&bytes, passphrase);
            assert!(packed.len() < bytes.len());
            assert_eq!(unpacked(&packed, passphrase).expect("opens"), bytes);
            for cut in [packed.len() / 2, packed.len() - 1] {
                let cut = unpacked(&packed[..cut], passphrase);
                assert!(matches!(cut, Err(ArchiveError::Damaged(_))), "{cut:?}");
            }
        }
        assert_eq!(unpacked(b"plain\n", None).expect("opens"), b"plain\n");
    }

    #[test]
    fn a_passphrase_is_needed_and_must_be_right() {
        let packed = packed(b"secret", Some("right"));
        assert!(is_encrypted(&packed));
        let none = unpacked(&packed, None);
        assert!(matches!(none, Err(ArchiveError::NeedsPassphrase)));
        let wrong = unpacked(&packed, Some("wrong"));
        assert!(matches!(wrong, Err(ArchiveError::WrongPassphrase)));
    }
}
