"""The second judge: what the tests' Hubs were asked and answered, by the types of a client that is neither Hugging Face's nor ours.

`pyhfapi` is generated from the Hub's OpenAPI description: a TypedDict for the parameters of each route, a model for its answer.
"""
