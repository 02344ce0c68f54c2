#!/usr/bin/env python3
"""Writes analyzer/eval/functions/code_pages.cpp: the one-byte character encodings of textencodebase64() and
textdecodebase64().

The names are those of IANA's registry of character sets. What the bytes mean is asked of Terraform itself, by decoding
each byte and encoding each character again; encodings that it does not have are left out. Needs terraform.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TARGET = pathlib.Path(__file__).resolve().parent.parent / "functions" / "code_pages.cpp"
PER_LINE = 16
UNDEFINED = 0xFFFD

# One encoding a line: IANA's name and aliases, as registered.
NAMES = """
US-ASCII iso-ir-6 ANSI_X3.4-1968 ANSI_X3.4-1986 ISO_646.irv:1991 ISO646-US us IBM367 cp367 csASCII
ISO-8859-1 ISO_8859-1:1987 ISO_8859-1 iso-ir-100 latin1 l1 IBM819 CP819 csISOLatin1
ISO-8859-2 ISO_8859-2:1987 ISO_8859-2 iso-ir-101 latin2 l2 csISOLatin2
ISO-8859-3 ISO_8859-3:1988 ISO_8859-3 iso-ir-109 latin3 l3 csISOLatin3
ISO-8859-4 ISO_8859-4:1988 ISO_8859-4 iso-ir-110 latin4 l4 csISOLatin4
ISO-8859-5 ISO_8859-5:1988 ISO_8859-5 iso-ir-144 cyrillic csISOLatinCyrillic
ISO-8859-6 ISO_8859-6:1987 ISO_8859-6 iso-ir-127 ECMA-114 ASMO-708 arabic csISOLatinArabic
ISO-8859-6-E ISO_8859-6-E csISO88596E
ISO-8859-6-I ISO_8859-6-I csISO88596I
ISO-8859-7 ISO_8859-7:1987 ISO_8859-7 iso-ir-126 ELOT_928 ECMA-118 greek greek8 csISOLatinGreek
ISO-8859-8 ISO_8859-8:1988 ISO_8859-8 iso-ir-138 hebrew csISOLatinHebrew
ISO-8859-8-E ISO_8859-8-E csISO88598E
ISO-8859-8-I ISO_8859-8-I csISO88598I
ISO-8859-9 ISO_8859-9:1989 ISO_8859-9 iso-ir-148 latin5 l5 csISOLatin5
ISO-8859-10 ISO_8859-10:1992 iso-ir-157 latin6 l6 csISOLatin6
TIS-620 csTIS620 ISO-8859-11
ISO-8859-13 csISO885913
ISO-8859-14 ISO_8859-14:1998 ISO_8859-14 iso-ir-199 iso-celtic latin8 l8 csISO885914
ISO-8859-15 ISO_8859-15 Latin-9 csISO885915
ISO-8859-16 ISO_8859-16:2001 ISO_8859-16 iso-ir-226 latin10 l10 csISO885916
KOI8-R csKOI8R
KOI8-U csKOI8U
macintosh mac csMacintosh
hp-roman8 roman8 r8 csHPRoman8
DEC-MCS dec csDECMCS
KZ-1048 STRK1048-2002 RK1048 csKZ1048
PTCP154 csPTCP154 PT154 CP154 Cyrillic-Asian
VISCII csVISCII
IBM037 cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csIBM037
IBM273 CP273 csIBM273
IBM424 cp424 ebcdic-cp-he csIBM424
IBM437 cp437 437 csPC8CodePage437
IBM500 CP500 ebcdic-cp-be ebcdic-cp-ch csIBM500
IBM775 cp775 csPC775Baltic
IBM850 cp850 850 csPC850Multilingual
IBM852 cp852 852 csPCp852
IBM855 cp855 855 csIBM855
IBM857 cp857 857 csIBM857
IBM00858 CCSID00858 CP00858 PC-Multilingual-850+euro csIBM00858
IBM860 cp860 860 csIBM860
IBM861 cp861 861 cp-is csIBM861
IBM862 cp862 862 csPC862LatinHebrew
IBM863 cp863 863 csIBM863
IBM864 cp864 csIBM864
IBM865 cp865 865 csIBM865
IBM866 cp866 866 csIBM866
IBM869 cp869 869 cp-gr csIBM869
IBM1026 CP1026 csIBM1026
IBM1047 IBM-1047 csIBM1047
IBM01140 CCSID01140 CP01140 ebcdic-us-37+euro csIBM01140
windows-874 cswindows874
windows-1250 cswindows1250
windows-1251 cswindows1251
windows-1252 cswindows1252
windows-1253 cswindows1253
windows-1254 cswindows1254
windows-1255 cswindows1255
windows-1256 cswindows1256
windows-1257 cswindows1257
windows-1258 cswindows1258
"""


def ask(expressions, directory):
    """What terraform says to each expression; None for errors."""
    lines = "\n".join(f'    try(jsonencode({expression}), "null"),' for expression in expressions)
    (directory / "main.tf").write_text("locals {\n  answers = [\n" + lines + "\n  ]\n}\n")
    printed = subprocess.run(
        ["terraform", "console", "-no-color"],
        cwd=directory,
        input="base64encode(jsonencode(local.answers))\n",
        check=True,
        capture_output=True,
        text=True,
        env=dict(os.environ, CHECKPOINT_DISABLE="1"),
    ).stdout
    # In base64, since the console writes quoted texts in a notation of its own.
    return [json.loads(answer) for answer in json.loads(base64.b64decode(json.loads(printed)))]


def page(name, directory):
    """The code points of the bytes, or None when terraform does not have the encoding."""
    coded = [base64.b64encode(bytes([byte])).decode() for byte in range(256)]
    decoded = ask([f'textdecodebase64("{text}", "{name}")' for text in coded], directory)
    if all(text is None for text in decoded):
        return None
    points = [UNDEFINED if text is None else ord(text) for text in decoded]
    defined = [byte for byte in range(256) if points[byte] != UNDEFINED]
    encoded = ask([f'textencodebase64(jsondecode({json.dumps(json.dumps(chr(points[byte])))}), "{name}")'
                   for byte in defined], directory)
    for byte, text in zip(defined, encoded):
        if text != coded[byte]:
            sys.exit(f"{name}: byte {byte:#x} does not come back")
    return points


def literal(points):
    lines = []
    for start in range(0, len(points), PER_LINE):
        lines.append('     u"' + "".join(f"\\x{point:04X}" for point in points[start : start + PER_LINE]) + '"')
    return "\n".join(lines) + "sv"


def version():
    printed = subprocess.run(["terraform", "version", "-json"], check=True, capture_output=True, text=True,
                             env=dict(os.environ, CHECKPOINT_DISABLE="1")).stdout
    return json.loads(printed)["terraform_version"]


def main():
    pages = {}
    with tempfile.TemporaryDirectory(prefix="code-pages-") as directory:
        for line in NAMES.split("\n"):
            names = line.split()
            if not names:
                continue
            points = page(names[0], pathlib.Path(directory))
            if points is None:
                continue
            known = ask([f'textencodebase64("", "{name}")' for name in names], pathlib.Path(directory))
            names = [name.lower() for name, answer in zip(names, known) if answer is not None]
            pages.setdefault(tuple(points), []).extend(names)
    entries = []
    for points, names in pages.items():
        ascii_half = list(points[:128]) == list(range(128))
        text = literal(points[128:] if ascii_half else points)
        entries.append('    {"' + " ".join(names) + '",\n' + text + "},\n")
    TARGET.write_text(
        f"""// Written by analyzer/eval/facts/code_pages_update.py with Terraform {version()}: do not edit.
#include "eval/functions/code_pages.h"

namespace gabion::eval::functions {{
namespace {{

using namespace std::string_view_literals;

// clang-format off
constexpr CodePage kPages[] = {{
{"".join(entries)}}};
// clang-format on

}}  // namespace

std::span<const CodePage> code_pages() {{
  return kPages;
}}

}}  // namespace gabion::eval::functions
"""
    )


if __name__ == "__main__":
    main()
