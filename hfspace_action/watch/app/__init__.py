"""The app itself, asked from outside as its visitors do: visits, checks, its API, the page of a static Space."""
