mod corpus_import;
