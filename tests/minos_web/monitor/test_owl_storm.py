"""Topologies of Storm in Owl's shape."""

from minos_common.facts import Fact
from minos_web.monitor.owl_shapes import metrics_shape
from minos_web.monitor.owl_storm import points_of_topologies


def test_topologies_and_their_parts() -> None:
    """OC-70: endpoint the id, illegal characters as underscores, Storm's own parts left out."""
    topologies = [
        Fact("words", {"acked_per_second": 2.5, "complete_ms": 12.0}, {"topology": "words", "id": "words-1-16 x"})
    ]
    parts = [
        Fact("words/split it", {"executed": 7.0}, {"topology": "words", "part": "split it"}),
        Fact("words/__acker", {"executed": 7.0}, {"topology": "words", "part": "__acker"}),
        Fact("gone/x", {"executed": 7.0}, {"topology": "gone", "part": "x"}),
    ]
    found = metrics_shape(points_of_topologies(topologies, parts), 0)
    assert found is not None
    assert found["data"] == {
        "words-1-16_x": {
            "topology": {
                "acked_per_second": {"type": 0, "unit": "ops", "value": 2.5},
                "complete_ms": {"type": 0, "unit": "ms", "value": 12},
            },
            "split_it": {"executed": {"type": 0, "unit": "", "value": 7}},
        }
    }
