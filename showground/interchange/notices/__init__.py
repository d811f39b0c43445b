"""Files that leave the report desk: the notice of DSA article 16 in words, X-ARF v4, statements of reasons. No Django, no network."""
