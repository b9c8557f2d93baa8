from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..accuracy.causes import Count, Recipe, find_causes, get_sd

TABLE = Recipe("table", {"board": 3, "leg": 4, "screw": 16}, {"leg": 1, "screw": 2})


def count(component, difference, expected=0, sd=2.0, **values):
    return Count(component, component, "shelf", difference, expected, sd, **values)


@tagged("post_install", "-at_install")
class TestCauses(BaseCase):
    def _find(self, *counts, recipes=()):
        causes = find_causes(list(counts), list(recipes))
        return {key: (it.kind, it.explained) for key, it in causes.items()}

    def test_noise(self):
        self.assertAlmostEqual(get_sd(1.5, 0.006, 1000), (4.5 + 36) ** 0.5)
        self.assertEqual(self._find(count("board", 3)), {"board": ("noise", 0)})
        self.assertEqual(self._find(count("board", 9)), {"board": ("unclear", 0)})

    def test_not_reported(self):
        """Twenty tables that nobody reported, with the errors of counting."""
        off = count("board", 61, 300), count("leg", 79, 400), count("screw", 322, 1600)
        self.assertEqual(
            self._find(*off, recipes=[TABLE]),
            {
                "board": ("unreported", 60),
                "leg": ("unreported", 80),
                "screw": ("unreported", 320),
            },
        )

    def test_reported_twice(self):
        off = count("board", -30), count("leg", -40), count("screw", -160)
        causes = find_causes(off, [TABLE])
        self.assertEqual(
            causes["leg"].figures, {"bom": "table", "quantity": 10, "twice": True}
        )

    def test_scrapped_at_an_operation(self):
        off = count("board", 30), count("leg", 40), count("screw", 1)
        causes = find_causes(off, [TABLE])
        self.assertEqual(
            [it.kind for it in causes.values()], ["scrap", "scrap", "noise"]
        )
        self.assertEqual(causes["board"].figures["quantity"], 10)
        self.assertEqual(causes["board"].figures["step"], 1)

    def test_not_all_in_proportion(self):
        off = count("board", 61), count("leg", 79), count("screw", 100)
        kinds = {
            kind for kind, _explained in self._find(*off, recipes=[TABLE]).values()
        }
        self.assertEqual(kinds, {"unclear"})

    @settings(max_examples=40, deadline=None)
    @given(
        st.integers(40, 200),
        st.integers(0, 3),
        st.floats(30, 50) | st.floats(-50, -30),
    )
    def test_one_of_four_may_be_off(self, quantity, which, more):
        """Something else is wrong with it, which is left to be found."""
        parts = {"board": 3, "leg": 4, "screw": 16, "cap": 5}
        names = list(parts)
        off = [count(name, quantity * per, 4000) for name, per in parts.items()]
        off[which] = replace(off[which], difference=off[which].difference + more)
        causes = find_causes(off, [Recipe("table", parts)])
        self.assertEqual({it.kind for it in causes.values()}, {"unreported"})
        for name, per in parts.items():
            self.assertEqual(causes[name].explained, quantity * per)
        # Of three, none may be off.
        del parts[names[(which + 1) % 4]]
        few = [it for it in off if it.component in parts]
        kinds = {it.kind for it in find_causes(few, [Recipe("table", parts)]).values()}
        self.assertNotIn("unreported", kinds)

    def test_not_all_counted(self):
        off = count("board", 60), count("leg", 80)
        kinds = {
            kind for kind, _explained in self._find(*off, recipes=[TABLE]).values()
        }
        self.assertEqual(kinds, {"unclear"})

    def test_mixed_up(self):
        off = count("oak", 40), count("ash", -41), count("elm", 25)
        self.assertEqual(
            self._find(*off),
            {"oak": ("swap", 40), "ash": ("swap", -41), "elm": ("unclear", 0)},
        )
        elsewhere = replace(off[1], place="yard")
        self.assertEqual(self._find(off[0], elsewhere)["oak"], ("unclear", 0))
        twin = replace(off[1], key="twin", component="twin")
        self.assertEqual(self._find(*off, twin)["oak"], ("unclear", 0))

    def test_unit(self):
        """A dozen for each that was expected, within two per cent."""
        for used, kind in (
            (1200, "unit"),
            (1221, "unit"),
            (1180, "unit"),
            (1300, "unclear"),
        ):
            off = count("bolt", used - 100, 100)
            self.assertEqual(self._find(off)["bolt"][0], kind, used)
        causes = find_causes([count("wire", 0.1 - 100, 100, sd=1)], [])
        self.assertEqual(causes["wire"].figures["factor"], 1 / 1000)
        slip = count("bolt", 1100, 7, recorded=1200, counted=100)
        causes = find_causes([slip], [])
        self.assertEqual(causes["bolt"].figures, {"factor": 1 / 12, "counted": True})

    def test_miscount(self):
        before = replace(count("bolt", 50, 300), key="before")
        after = count("bolt", -51, 320, before=before)
        self.assertEqual(
            self._find(after), {"bolt": ("miscount", -51), "before": ("miscount", 50)}
        )
        drift = count("bolt", 51, 320, before=before)
        self.assertEqual(self._find(drift)["bolt"], ("unclear", 0))

    @settings(max_examples=60, deadline=None)
    @given(
        st.integers(-200, 200).filter(lambda quantity: abs(quantity) >= 8),
        st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=3),
    )
    def test_any_quantity_is_found(self, quantity, errors):
        """Whatever is not reported is found to the piece, its error within reason."""
        off = [
            count(component, quantity * per_unit + error, 1000, sd=2)
            for (component, per_unit), error in zip(
                TABLE.quantities.items(), errors, strict=True
            )
        ]
        causes = find_causes(off, [TABLE])
        self.assertEqual({it.kind for it in causes.values()}, {"unreported"})
        self.assertEqual(causes["leg"].explained, 4 * quantity)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.floats(-3.9, 3.9), min_size=3, max_size=3))
    def test_errors_of_counting_are_noise(self, errors):
        off = [
            count(component, error, 100)
            for component, error in zip(TABLE.quantities, errors, strict=True)
        ]
        causes = find_causes(off, [TABLE])
        self.assertEqual({it.kind for it in causes.values()}, {"noise"})
