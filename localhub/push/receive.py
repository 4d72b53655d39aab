"""A push: git's receive-pack under the repository's lock, with localhub's say in it, and what follows from it.

git runs hooks/pre-receive once the objects are there, still set apart ("in quarantine"), and before any reference
moves. The hook passes the question on to `Push` and the answer back, through two pipes that it inherits.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from subprocess import Popen
from tempfile import TemporaryFile
from typing import IO

from localhub import discussion_store
from localhub.accounts.accounts import Identity
from localhub.hub import Hub
from localhub.repos.repository import Repo

from .pre_receive import Inspection, Move

ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Push:
    """A push by somebody who may write; `command` and `environment` are those of git's http-backend."""

    hub: Hub
    repo: Repo
    who: Identity
    command: Sequence[str]
    environment: Mapping[str, str]

    def receive(self, body: IO[bytes]) -> bytes:
        """Let git take in `body`; its CGI answer. Blocking."""
        with TemporaryFile() as output:
            with self.repo.lock:
                moves = self._run(body, output)
                done = [move for move in moves if move.new and self.repo.git.refs(move.ref).get(move.ref) == move.new]
                for move in done:
                    self._note(move)
            for move in done:
                self.hub.moved(self.repo, move.ref, move.old, str(move.new))
            output.seek(0)
            return output.read()

    def _run(self, body: IO[bytes], output: IO[bytes]) -> list[Move]:
        """Run git: the moves that it asked about, which may still have failed; none if it refused before it asked."""
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        pipes = {"LOCALHUB_ASK": str(ask), "LOCALHUB_ANSWER": str(answered)}
        with os.fdopen(asked, "rb") as question, os.fdopen(answer, "wb") as verdict:
            try:
                environment = {**self.environment, **pipes}
                git = Popen(self.command, stdin=body, stdout=output, env=environment, pass_fds=(ask, answered))
            finally:
                os.close(ask)
                os.close(answered)
            with git, verdict:  # closed before git is waited for: if this fails without an answer, git hears a refusal
                return self._answer(question, verdict)

    def _answer(self, question: IO[bytes], verdict: IO[bytes]) -> list[Move]:
        if not (first := question.readline()):
            return []
        moves = [Move.parse(line) for line in takewhile(bytes.strip, question)]
        inspection = Inspection(self.hub, self.repo, self.environment, os.fsdecode(first.strip()) or None)
        verdict.write(os.fsencode(inspection.refusal(moves) or ACCEPTED))
        return moves

    def _note(self, move: Move) -> None:
        """A push to a pull request shows in its discussion."""
        number = move.ref.removeprefix("refs/pr/")
        if number != move.ref:
            head = next(self.repo.git.log(move.ref))
            discussion_store.record_commit(self.repo, int(number), self.who, head.title, head.id)
