"""Who must be told, by when, with what: duties as dated content, a deadline engine, a board and drafts."""
