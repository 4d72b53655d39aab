"""The steps of a release, one module each. `.github/workflows/release.yml` runs them in this order; tests/e2e/release runs them on a scratch clone.

`check` (may this version be released?), `image` (its tags and labels), `pin` (action.yml names the image by its digest), `tags` (which tags
move, and move them).
"""
