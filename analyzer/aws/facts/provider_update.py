#!/usr/bin/env python3
"""Writes provider.facts beside this script from the AWS provider's own schema; run by `make facts`.

The schema is what `terraform providers schema -json` prints; a file with it may be given as the only argument. Bodies
that are equal are written once. Needs Python and the Terraform CLI; building needs neither.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = "registry.terraform.io/hashicorp/aws"
VERSION = "5.100.0"
LONGEST_TYPE = 300
NESTING = {"single": "1", "list": "l", "set": "s", "map": "m", "group": "g"}

CONFIGURATION = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "%s"
    }
  }
}
"""


def schema():
    """What the provider says about itself."""
    if len(sys.argv) > 1:
        return json.loads(pathlib.Path(sys.argv[1]).read_text())
    with tempfile.TemporaryDirectory(prefix="provider-") as directory:
        (pathlib.Path(directory) / "main.tf").write_text(CONFIGURATION % VERSION)
        environment = dict(os.environ, CHECKPOINT_DISABLE="1")
        subprocess.run(["terraform", "init", "-no-color"], cwd=directory, check=True, stdout=sys.stderr, env=environment)
        printed = subprocess.run(
            ["terraform", "providers", "schema", "-json"], cwd=directory, check=True, capture_output=True, env=environment
        )
        return json.loads(printed.stdout)


def notation(kind):
    """A type as Terraform writes it, without blanks."""
    if isinstance(kind, str):
        return "any" if kind == "dynamic" else kind
    if kind[0] == "object":
        return "object({" + ",".join(f"{name}={notation(inner)}" for name, inner in sorted(kind[1].items())) + "})"
    if kind[0] == "tuple":
        return "tuple([" + ",".join(notation(inner) for inner in kind[1]) + "])"
    return f"{kind[0]}({notation(kind[1])})"


def nested_notation(nested):
    inner = "object({" + ",".join(f"{n}={attribute_type(a)}" for n, a in sorted(nested["attributes"].items())) + "})"
    return inner if nested["nesting_mode"] == "single" else f"{nested['nesting_mode']}({inner})"


def attribute_type(attribute):
    """The notation; of the largest types, which nobody writes, only the outermost part."""
    text = notation(attribute["type"]) if "type" in attribute else nested_notation(attribute["nested_type"])
    if len(text) <= LONGEST_TYPE:
        return text
    outer = text.split("(", 1)[0]
    return "any" if outer in ("object", "tuple") else outer + "(any)"


class Bodies:
    """Numbers of equal bodies and types."""

    def __init__(self):
        self.lines = {}
        self.types = {}

    def type_number(self, text):
        return self.types.setdefault(text, len(self.types))

    def body(self, block):
        tokens = []
        for name, attribute in sorted(block.get("attributes", {}).items()):
            flags = "".join(f[0] for f in ("required", "optional", "computed") if attribute.get(f))
            tokens.append(f"{name}:{flags}:{self.type_number(attribute_type(attribute))}")
        for name, nested in sorted(block.get("block_types", {}).items()):
            number = self.body(nested["block"])
            limits = f"{nested.get('min_items', 0)}:{nested.get('max_items', 0)}"
            tokens.append(f"{name}@{number}:{NESTING[nested['nesting_mode']]}:{limits}")
        return self.lines.setdefault(" ".join(tokens), len(self.lines))


def main():
    provider = schema()["provider_schemas"][SOURCE]
    bodies = Bodies()
    ends = []
    for word, table in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        for name, entry in sorted(provider[table].items()):
            ends.append(f"{word} {name} {bodies.body(entry['block'])}")
    with open(HERE / "provider.facts", "w", encoding="utf-8") as out:
        out.write("# Resource types and data sources of the AWS provider with their attributes and blocks.\n")
        out.write("# Written by provider_update.py, not by hand. Source: `terraform providers schema -json`.\n")
        out.write("# NAME:FLAGS:TYPE is an attribute: r required, o optional, c computed; NAME@BODY:NESTING:MIN:MAX a block.\n")
        out.write(f"provider {SOURCE} {VERSION}\n")
        for text in bodies.types:
            out.write(f"type {text}\n")
        for text in bodies.lines:
            out.write(f"body {text}\n")
        for line in ends:
            out.write(line + "\n")


main()
