"""What we count on in the template engine, which is young: a new version that differs shows here first."""

import pytest
from dotpromptz_handlebars import Block, Handlebars, Mustache, SafeString, Text
from dotpromptz_handlebars._render import compile_template


def test_a_tag_is_a_name_with_hash_arguments_kept_as_they_are_written() -> None:
    (node,) = compile_template("{{balance balanceType=\"Points\" default='a b'}}")
    assert isinstance(node, Mustache) and not node.raw
    expected = {"name": "balance", "args": [], "hash": {"balanceType": '"Points"', "default": "'a b'"}}
    assert {key: node.call[key] for key in expected} == expected
    assert node.call["literal"] is False and node.call["params"] == []


def test_unescaped_tags_are_marked() -> None:
    assert [node.raw for node in compile_template("{{{a}}}{{&b}}") if isinstance(node, Mustache)] == [True, True]


def test_blocks_have_two_parts() -> None:
    (block,) = compile_template("{{#if a}}x{{else}}y{{/if}}")
    assert isinstance(block, Block)
    assert block.call["name"] == "if" and block.call["args"] == ["a"]
    assert [block.body, block.inverse] == [[Text("x")], [Text("y")]]


@pytest.mark.parametrize("text", ["{{a", "{{#if a}}", "{{/if}}", "{{else}}", "{{}}", "{{#if a}}{{/each}}", "{{a |}}"])
def test_what_is_malformed_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        compile_template(text)


def test_a_helper_gets_hash_root_and_row() -> None:
    seen = []

    def helper(args: object, options: object) -> SafeString:
        seen.append((args, options.hash, options.data["root"], options.context))  # type: ignore[attr-defined]
        return SafeString("<x>")

    engine = Handlebars(escape_html=False)
    engine.register_helper("this", helper)
    engine.register_helper("a", helper)
    root = {"rows": ["r"]}
    assert engine.compile('{{a b="c"}}{{#each rows}}{{this}}{{/each}}')(root) == "<x><x>"
    assert seen[0][:3] == ([], {"b": "c"}, root)
    assert seen[0][2] is root
    assert seen[1][3] == "r"


def test_values_are_never_called_or_reached_into() -> None:
    engine = Handlebars()
    with pytest.raises(ValueError):
        engine.compile("{{a}}")({"a": print})
    assert engine.compile("{{a.__class__}}{{a.upper}}")({"a": "x"}) == ""
