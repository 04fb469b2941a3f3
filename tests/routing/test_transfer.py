"""Rules in files: there and back, compared, all or nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from apps.core.actors import Actor
from apps.core.errors import InvalidInput
from apps.flows.models import BookingFlow
from apps.routing.commands.import_rules import import_rules
from apps.routing.importing import plan_import
from apps.routing.models import BookingFlowRouter, PathMatch
from apps.routing.queries import export_rules
from apps.routing.transfer import BadFile, as_csv, as_json, read
from tests.factories.flows import FlowFactory, SchedulerConfigFactory
from tests.factories.routing import RouterFactory, VariantFactory

plain = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
records = st.fixed_dictionaries(
    {
        "id": st.just("0"),
        "priority": st.integers(1, 9),
        "match": st.sampled_from(["exact", "prefix", "glob"]),
        "path": plain.map("/".__add__),
        "query": st.dictionaries(plain, plain, max_size=3),
        "widget": plain.filter(lambda text: text[0] != "'"),
        "default": st.booleans(),
        "active": st.booleans(),
        "flows": st.lists(
            st.fixed_dictionaries(
                {"flow": plain.filter(lambda text: text[0] != "'"), "share": st.integers(1, 9)}
            ),
            min_size=1,
            max_size=3,
        ),
    }
)


class TestFiles:
    @settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(st.lists(records, min_size=1, max_size=3))
    def test_both_kinds_say_what_they_were_written_from(self, said: list[dict[str, Any]]) -> None:
        assert [record for _, record in read(as_json(said))] == said
        for (_, found), record in zip(read(as_csv(said)), said, strict=True):
            assert {name: found[name] for name in ("path", "query", "widget", "match")} == {
                name: record[name] for name in ("path", "query", "widget", "match")
            }
            assert [(one["flow"], int(one["share"])) for one in found["flows"]] == [
                (one["flow"], one["share"]) for one in record["flows"]
            ]

    def test_a_spreadsheet_runs_no_formula(self) -> None:
        record = {"id": "", "priority": 1, "match": "any", "path": "", "query": {}, "widget": "=1+1"}
        text = as_csv([{**record, "default": False, "active": True, "flows": [{"flow": "@x", "share": 1}]}])
        assert "'=1+1" in text
        assert "'@x" in text
        ((_, found),) = read(text)
        assert (found["widget"], found["flows"][0]["flow"]) == ("=1+1", "@x")

    def test_semicolons_and_the_mark_of_excel_are_fine(self) -> None:
        ((line, record),) = read("\ufeffpath;flow;priority\n/a;Book a visit;4\n")
        assert (line, record["path"], record["priority"]) == (2, "/a", "4")

    @pytest.mark.parametrize("text", ["", "nothing", '{"rules": 7}', "[1]", "{", "a,b\n1,2\n", "[" * 100_000])
    def test_refuses_what_is_no_file_of_rules(self, text: str) -> None:
        with pytest.raises(BadFile):
            read(text)


@pytest.fixture
def flow(transactional_db: None) -> BookingFlow:
    made: BookingFlow = FlowFactory.create()
    return made


def rule(flow: BookingFlow, **values: Any) -> BookingFlowRouter:
    made: BookingFlowRouter = RouterFactory.create(organization=flow.organization, flow=flow, **values)
    return made


def exported(flow: BookingFlow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(export_rules(organization=flow.organization, as_a="json"))[
        "rules"
    ]
    return found


class TestImport:
    def run(self, flow: BookingFlow, said: Any, **options: Any) -> Any:
        text = said if isinstance(said, str) else json.dumps(said)
        return import_rules(actor=Actor.system(flow.organization_id), text=text, **options)

    def test_changes_adds_and_removes(self, flow: BookingFlow) -> None:
        second = FlowFactory.create(organization=flow.organization, title="Another")
        kept = rule(flow, priority=1, path_match=PathMatch.EXACT, path="/a")
        rule(flow, priority=2, path_match=PathMatch.EXACT, path="/b")
        said = exported(flow)[:1]
        said[0] |= {
            "priority": 5,
            "flows": [{"flow": "Another", "share": 2}, {"flow": str(flow.id), "share": 1}],
        }
        said.append({"match": "any", "path": "", "default": True, "flows": ["another"]})
        done = self.run(flow, said, replace=True)
        assert (len(done.added), len(done.changed), len(done.removed)) == (1, 1, 1)
        found = list(BookingFlowRouter.objects.for_organization(flow.organization).in_order())
        assert (found[0].id, found[0].priority, found[0].is_default) == (kept.id, 5, False)
        assert found[0].shares() == [(second, 2), (flow, 1)]
        assert found[1].is_default

    def test_a_second_time_it_changes_nothing(self, flow: BookingFlow) -> None:
        said = [{"priority": 1, "match": "glob", "path": "/*/a", "query": {"u": "1"}, "flows": [flow.title]}]
        self.run(flow, said)
        again = self.run(flow, said)
        assert (len(again.added), len(again.changed), again.unchanged_count) == (0, 0, 1)

    def test_rules_change_places(self, flow: BookingFlow) -> None:
        one, other = rule(flow, priority=1), rule(flow, priority=2)
        said = exported(flow)
        said[0]["priority"], said[1]["priority"] = 2, 1
        self.run(flow, said)
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.priority, other.priority) == (2, 1)
        assert one.active

    def test_the_same_rules_in_another_business_are_new_ones(self, flow: BookingFlow) -> None:
        rule(flow, priority=1)
        other = FlowFactory.create(title=flow.title)
        plan = plan_import(other.organization_id, json.dumps(exported(flow)), replace=False)
        assert (len(plan.added), plan.errors) == (1, {})

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"flows": ["Nobody's"]}, "There is no flow “Nobody's” here."),
            ({"flows": ["Twice"]}, "Several flows are called “Twice”"),
            ({"flows": []}, "Choose the flow"),
            ({"widget": "Popup"}, "There is no widget “Popup” here."),
            ({"match": "like"}, "“match” is one of"),
            ({"priority": "first"}, "A priority is a number"),
            ({"path": "a"}, "slash in front"),
            ({"query": {"u": 7}}, "Each condition needs"),
            ({"default": "perhaps"}, "say yes or no"),
        ],
    )
    def test_says_what_is_wrong_by_line_and_does_nothing(
        self, flow: BookingFlow, changes: dict[str, Any], words: str
    ) -> None:
        FlowFactory.create_batch(2, organization=flow.organization, title="Twice")
        fine = {"priority": 1, "match": "exact", "path": "/a", "flows": [flow.title]}
        with pytest.raises(InvalidInput) as refusal:
            self.run(flow, [fine, {**fine, "priority": 2, **changes}])
        errors = refusal.value.data["errors"]
        assert list(errors) == ["line 2"]
        assert words in " ".join(errors["line 2"])
        assert not BookingFlowRouter.objects.exists()

    def test_a_line_that_meets_another_or_a_rule_that_stays_is_refused(self, flow: BookingFlow) -> None:
        rule(flow, priority=1, path_match=PathMatch.PREFIX, path="/a")
        plan = plan_import(
            flow.organization_id,
            f"priority,match,path,flow\n1,exact,/a/b,{flow.title}\n2,any,,{flow.title}\n2,exact,/c,{flow.title}\n",
            replace=False,
        )
        assert list(plan.errors) == [2, 4]
        assert "the rule that is there" in plan.errors[2][0]
        assert "line 3: /c, for one" in plan.errors[4][0]

    def test_another_businesss_widget_does_not_exist(self, flow: BookingFlow) -> None:
        config = SchedulerConfigFactory.create()
        said = [{"priority": 1, "match": "any", "widget": str(config.id), "flows": [flow.title]}]
        with pytest.raises(InvalidInput):
            self.run(flow, said)


class TestCommands:
    def test_export_and_import(self, flow: BookingFlow, tmp_path: Path) -> None:
        VariantFactory.create(router=rule(flow, query={"u": "1"}))
        slug = flow.organization.slug
        for kind in ("csv", "json"):
            out = StringIO()
            call_command("export_routing", slug, format=kind, stdout=out)
            (tmp_path / "rules").write_text(out.getvalue())
            said = StringIO()
            call_command("import_routing", slug, str(tmp_path / "rules"), replace=True, stdout=said)
            assert said.getvalue().strip() == "0 added, 0 changed, 0 removed, 1 as they were."

    def test_a_bad_file_is_explained(self, flow: BookingFlow, tmp_path: Path) -> None:
        (tmp_path / "rules").write_text("path,flow\n/a,Nobody's\n")
        with pytest.raises(CommandError, match="line 2: There is no flow"):
            call_command("import_routing", flow.organization.slug, str(tmp_path / "rules"))

    def test_an_address_is_explained(self, flow: BookingFlow) -> None:
        SchedulerConfigFactory.create(organization=flow.organization, is_default=True)
        rule(flow, path_match=PathMatch.EXACT, path="/a", priority=4)
        out = StringIO()
        call_command("resolve_url", flow.organization.slug, "https://www.example.com/b?x=1", stdout=out)
        said = " ".join(out.getvalue().split())
        assert "The page is" in said
        assert "No rule fits this page, and there is no default." in said
        assert "Customers see the phone screen." in said

    def test_an_address_is_explained_to_programs(self, flow: BookingFlow) -> None:
        made = rule(flow, path_match=PathMatch.EXACT, path="/a", priority=4)
        out = StringIO()
        call_command(
            "resolve_url", str(flow.organization.id), "https://www.example.com/a", json=True, stdout=out
        )
        document = json.loads(out.getvalue())
        assert document["rules"][0]["rule_id"] == str(made.id)
        assert document["rules"][0]["outcome"] == "off"  # its flow is not published

    @pytest.mark.parametrize(
        ("name", "url", "words"),
        [("nobody", "https://a.example/", "no organization"), (None, "x", "address")],
    )
    def test_what_makes_no_sense_is_said(
        self, flow: BookingFlow, name: str | None, url: str, words: str
    ) -> None:
        with pytest.raises(CommandError, match=words):
            call_command("resolve_url", name or flow.organization.slug, url)
