"""The Hugging Face Hub. Only this folder knows `huggingface_hub`; `environment.prepare` runs before its import."""
