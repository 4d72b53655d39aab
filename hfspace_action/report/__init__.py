"""What a run leaves behind: facts, gathered as they become known, then outputs, annotations and a summary."""
