"""Static Spaces: pages that are ready, pages that the Hub builds, and sites that a workflow has to build."""
