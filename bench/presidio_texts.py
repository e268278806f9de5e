"""Runs Presidio's analyzer, in an environment of its own, over texts: the other side of `bench/accuracy.py`.

    PYTHON bench/presidio_texts.py TEXTS.jsonl FOUND.jsonl     PYTHON: of an environment that has presidio-analyzer

Each line in is {"id", "part", "text"}; each line out {"id", "part", "start", "end", "type", "score"}, and a last one
{"seconds", "characters"}. Presidio's own default recognisers run over a blank English pipeline: its names come from a
language model that is downloaded, which nothing here does, so it finds none.
"""

import json
import sys
import time
from pathlib import Path

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine


class BlankEngine(SpacyNlpEngine):
    """A pipeline that only cuts text into words."""

    def __init__(self) -> None:
        super().__init__(ner_model_configuration=NerModelConfiguration())
        self.nlp = {"en": spacy.blank("en")}

    def load(self) -> None:
        """Load nothing."""


def main() -> None:
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    for name in sorted({"SpacyRecognizer"} & {one.name for one in registry.recognizers}):
        registry.remove_recognizer(name)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=BlankEngine(), supported_languages=["en"])
    lines = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    analyzer.analyze("Warm up.", language="en")
    start, out = time.perf_counter(), []
    for one in lines:
        out += [
            {
                "id": one["id"],
                "part": one["part"],
                "start": hit.start,
                "end": hit.end,
                "type": hit.entity_type,
                "score": hit.score,
            }
            for hit in analyzer.analyze(one["text"], language="en")
        ]
    out.append({"seconds": time.perf_counter() - start, "characters": sum(len(one["text"]) for one in lines)})
    Path(sys.argv[2]).write_text("".join(json.dumps(one) + "\n" for one in out), encoding="utf-8")


if __name__ == "__main__":
    main()
