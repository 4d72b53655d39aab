"""GitHub's API, a module for each subject. Only this folder knows PyGithub, which takes long to import."""
