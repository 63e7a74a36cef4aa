"""The five nouns and what they are made of: plain values that every layer passes along."""
