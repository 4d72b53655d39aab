"""From a log to its cause: the corpus of real logs, the Hub's messages, the shapes not provoked, and hostile text."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfspace_action.errors import CATALOGUE, Place
from hfspace_action.explain import Cause, Deployed, ending, explain
from hfspace_action.explain.order import RULES
from hfspace_action.file import File
from tests.kit.corpus import heldout_scenarios, tuned_scenarios
from tests.kit.corpus.make import PARTS
from tests.kit.corpus.scenario import DOCKER, FOLDER, GRADIO, Scenario, log
