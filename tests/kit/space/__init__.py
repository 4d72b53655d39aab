"""A Space as tests find it on localhub."""
