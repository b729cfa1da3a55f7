"""The campaign engine. Pure: definitions and facts in, an outcome out; the same facts and revisions give the same
outcome for ever."""
