"""Weaves every mutant that cargo-mutants lists for some rooms into one copy of the sources, each behind a number.

    python3 tests/mutants/weave.py MUTANTS.json FOLDER

A build for each of thousands of mutants takes days. In the woven copy a mutant is switched on by MUTANT=7 at run time,
so that one build does for all. MUTANT=record writes the numbers of the sites that were reached to MUTANT_RECORD. What
does not compile is left out, as cargo-mutants leaves out what is unviable; it is told at the end.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import tree_sitter_rust
from tree_sitter import Language, Parser

PARSER = Parser(Language(tree_sitter_rust.language()))
COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}
LOGIC = {"&&", "||"}
# Where nothing can be called, or nothing is an expression.
NO_CALLS = {"const_item", "static_item", "attribute_item", "inner_attribute_item", "array_type", "macro_invocation"}

SWITCH = """//! Which mutant is on, and which sites were reached: woven in, and never part of the program.
#![allow(missing_docs)]
use std::fs::File;
use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

const UNKNOWN: u32 = u32::MAX;
const RECORDING: u32 = u32::MAX - 1;

static ON: AtomicU32 = AtomicU32::new(UNKNOWN);
static RECORD: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = std::env::var("MUTANT_RECORD").ok()?;
    File::options().append(true).create(true).open(path).ok()
});
static REACHED: [AtomicBool; SITES] = [const { AtomicBool::new(false) }; SITES];

#[inline(always)]
pub fn on(site: usize) -> u32 {
    let on = ON.load(Relaxed);
    if on >= RECORDING { reached(site) } else { on }
}

#[cold]
#[inline(never)]
fn reached(site: usize) -> u32 {
    let mut on = ON.load(Relaxed);
    if on == UNKNOWN {
        on = match std::env::var("MUTANT") {
            Ok(word) if word == "record" => RECORDING,
            Ok(word) => word.parse().unwrap_or(0),
            Err(_) => 0,
        };
        ON.store(on, Relaxed);
    }
    if on == RECORDING && !REACHED[site].swap(true, Relaxed) {
        if let Some(mut file) = RECORD.as_ref() {
            let _ = file.write_all(format!("{site}\\n").as_bytes());
        }
    }
    on
}
"""


class Weaver:
    """One file of the sources, with the mutants that stand in it."""

    def __init__(self, path, mutants, dropped):
        self.text = Path(path).read_bytes()
        starts = [0]
        for line in self.text.decode().splitlines(keepends=True):
            starts.append(starts[-1] + len(line.encode()))
        lines = self.text.decode().splitlines()

        def offset(place):
            line = lines[place["line"] - 1]
            return starts[place["line"] - 1] + len(line[: place["column"] - 1].encode())

        self.at = defaultdict(list)
        for mutant in mutants:
            if mutant["id"] not in dropped:
                self.at[mutant["genre"], offset(mutant["span"]["start"])].append(mutant)

    def woven(self):
        return self.weave(PARSER.parse(self.text).root_node)

    def weave(self, node):
        kind = node.type
        if kind in NO_CALLS or self.is_constant(node):
            return self.text[node.start_byte : node.end_byte].decode()
        if kind in ("binary_expression", "compound_assignment_expr"):
            operator = node.child_by_field_name("operator")
            mutants = self.at.get(("BinaryOperator", operator.start_byte))
            if mutants and not self.has_let(node):
                return self.binary(node, operator.type, mutants)
        if kind == "unary_expression":
            mutants = self.at.get(("UnaryOperator", node.start_byte))
            if mutants:
                return self.unary(node, mutants)
        if kind in ("field_initializer", "shorthand_field_initializer"):
            mutants = self.at.get(("StructField", node.start_byte))
            if mutants:
                return self.field(node, mutants)
        if kind == "match_arm":
            return self.arm(node)
        if kind == "function_item" and node.child_by_field_name("body"):
            return self.function(node)
        return self.children(node)

    def is_constant(self, node):
        first = node.children[0] if node.type == "function_item" and node.children else None
        words = [child.text for child in node.children if child.type == "function_modifiers"] if first else []
        return any(b"const" in word for word in words)

    def has_let(self, node):
        return node.type in ("let_condition", "let_chain") or (
            node.type == "binary_expression" and any(self.has_let(child) for child in node.children)
        )

    def children(self, node, but=None):
        out, at = [], node.start_byte
        for child in node.children:
            out.append(self.text[at : child.start_byte].decode())
            out.append(but[child.id] if but and child.id in but else self.weave(child))
            at = child.end_byte
        out.append(self.text[at : node.end_byte].decode())
        return "".join(out)

    def marked(self, mutant, text):
        return f"/*<{mutant['id']}*/{text}/*{mutant['id']}>*/"

    def sited(self, site, text):
        return f"/*[{site}*/{text}/*{site}]*/"

    def choice(self, site, mutants, text):
        """A match on what is on: `text` makes the expression of an operator."""
        arms = "".join(f"{m['id']} => {self.marked(m, text(m['replacement']))}, " for m in mutants)
        return f"match crate::mutant::on({site}) {{ {arms}_ => "

    def binary(self, node, operator, mutants):
        left = self.weave(node.child_by_field_name("left"))
        right = self.weave(node.child_by_field_name("right"))
        site = mutants[0]["site"]
        if operator in COMPARISONS:
            text = lambda op: f"*l {op} *r"
            inner = f"(match (&({left}), &({right})) {{ (l, r) => {self.choice(site, mutants, text)}{text(operator)} }} }})"
        elif operator in LOGIC:
            text = lambda op: f"l {op} ({right})"
            inner = f"(match ({left}) {{ l => {self.choice(site, mutants, text)}{text(operator)} }} }})"
        elif node.type == "compound_assignment_expr":
            text = lambda op: f"{left} {op} r"
            inner = f"match ({right}) {{ r => {self.choice(site, mutants, text)}{text(operator)} }} }}"
        else:
            text = lambda op: f"l {op} r"
            inner = f"(match (({left}), ({right})) {{ (l, r) => {self.choice(site, mutants, text)}{text(operator)} }} }})"
        return self.sited(site, inner)

    def unary(self, node, mutants):
        operator = node.children[0].type
        inner = self.weave(node.children[-1])
        site = mutants[0]["site"]
        choice = self.choice(site, mutants, lambda _: "v")
        return self.sited(site, f"(match ({inner}) {{ v => {choice}{operator}v }} }})")

    def field(self, node, mutants):
        """A field that is left to what the others are taken from."""
        base = next(child for child in node.parent.children if child.type == "base_field_initializer")
        of, source = (at.text.decode() for at in (node.parent.parent.children[0], base.children[-1]))
        value = node.child_by_field_name("value")
        name = (node.child_by_field_name("field") or node).text.decode()
        said = self.weave(value) if value else name
        choice = self.choice(mutants[0]["site"], mutants, lambda _: f"{{ let whole: {of} = {source}; whole.{name} }}")
        return f"{name}: " + self.sited(mutants[0]["site"], f"{choice}{said} }}")

    def arm(self, node):
        pattern = node.child_by_field_name("pattern")
        condition = pattern.child_by_field_name("condition")
        removed = self.at.get(("MatchArm", node.start_byte), [])
        guards = self.at.get(("MatchArmGuard", condition.start_byte), []) if condition else []
        if condition and self.has_let(condition):
            removed, guards = [], []
        if not removed and not guards:
            return self.children(node)
        tests = []
        for mutant in removed:
            site = mutant["site"]
            tests.append(self.marked(mutant, f"crate::mutant::on({site}) != {mutant['id']}"))
        said = self.weave(condition) if condition else None
        if guards:
            site = guards[0]["site"]
            choice = self.choice(site, guards, lambda word: word)
            said = self.sited(site, f"(match () {{ () => {choice}({said}) }} }})")
        tests += [f"({said})"] if said else []
        end = condition.prev_sibling.start_byte if condition else pattern.end_byte
        head = self.text[node.start_byte : end].decode().rstrip()
        rest = self.children_from(node, pattern.end_byte)
        return f"{head} if {' && '.join(tests)}{rest}"

    def children_from(self, node, start):
        out, at = [], start
        for child in node.children:
            if child.start_byte >= start:
                out.append(self.text[at : child.start_byte].decode())
                out.append(self.weave(child))
                at = child.end_byte
        return "".join(out) + self.text[at : node.end_byte].decode()

    def function(self, node):
        body = node.child_by_field_name("body")
        first = body.children[1].start_byte if len(body.children) > 2 else None
        mutants = self.at.get(("FnValue", first), []) if first else []
        if not mutants:
            return self.children(node)
        site = mutants[0]["site"]
        arms = " ".join(
            f"{m['id']} => {self.marked(m, '{ return ' + m['replacement'] + '; }')}" for m in mutants
        )
        switch = self.sited(site, f"match crate::mutant::on({site}) {{ {arms} _ => {{}} }}")
        inner = self.weave(body)
        return self.children(node, {body.id: "{ " + switch + inner[1:]})


def write(path, text):
    """Writes what is new, so that only that is built again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != text:
        path.write_bytes(text)


def weave_all(by_file, folder, dropped):
    for path, of_file in by_file.items():
        write(folder / path, Weaver(path, of_file, dropped).woven().encode())


def copy(names, by_file, folder, n_sites):
    """All that is not woven; what is no longer there goes."""
    for name in names:
        if name not in by_file and name != "src/lib.rs" and Path(name).is_file():
            write(folder / name, Path(name).read_bytes())
            shutil.copymode(name, folder / name)
    library = Path("src/lib.rs").read_bytes()
    write(folder / "src/lib.rs", library + b"\n#[doc(hidden)]\npub mod mutant;\n")
    write(folder / "src/mutant.rs", SWITCH.replace("SITES", str(n_sites)).encode())
    for rest in (folder / "src", folder / "tests"):
        for path in rest.rglob("*.rs"):
            name = str(path.relative_to(folder))
            if name not in names and name != "src/mutant.rs":
                path.unlink()


def at_fault(folder, path, start, end):
    """Whom to blame for a place of a woven file: the mutant that holds it, or the site, as a negative number. Before it
    stands whether that is a guess."""
    text = (folder / path).read_bytes()
    opened, sites = [], []
    for mark in re.finditer(rb"/\*(?:<(\d+)|(\d+)>|\[(\d+)|(\d+)\])\*/", text):
        if mark.start() >= start:
            break
        begun, done, entered, left = (int(part) if part is not None else None for part in mark.groups())
        if begun is not None:
            opened.append((begun, len(sites)))
        elif done is not None:
            opened.pop()
        elif entered is not None:
            sites.append(entered)
        else:
            sites.pop()
    # The innermost of both is to blame.
    if opened and opened[-1][1] == len(sites):
        return False, opened[-1][0]
    if sites:
        return False, -1 - sites[-1]
    within = re.search(rb"/\*\[(\d+)\*/", text[start:end])
    if within:
        return False, -1 - int(within.group(1))
    # A match of which an arm may be missing is told at what is matched.
    arm = re.search(rb"/\*<(\d+)\*/", text[end : end + 2000])
    return (True, int(arm.group(1))) if arm else None


def check(folder, environment):
    """Errors, each with its places, what it is about first: file, first and last byte."""
    command = ["cargo", "check", "--lib", "--message-format=json"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    faults = []
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("reason") != "compiler-message" or message["message"]["level"] != "error":
            continue
        spans = sorted(message["message"]["spans"], key=lambda span: not span["is_primary"])
        places = [(span["file_name"], span["byte_start"], span["byte_end"]) for span in spans]
        faults.append((message["message"]["message"], [place for place in places if (folder / place[0]).is_file()]))
    return done.returncode == 0, faults, done.stderr


def main():
    listed, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    # An `impl Iterator` is one type.
    mutants = [m for m in listed if "::std::iter::" not in m["replacement"]]
    by_file, sites = defaultdict(list), {}
    for number, mutant in enumerate(mutants, 1):
        mutant.pop("diff", None)
        start = mutant["span"]["start"]
        # A site has the number of its first mutant, and keeps it when some are left out.
        site = sites.setdefault((mutant["file"], mutant["genre"], start["line"], start["column"]), number)
        mutant.update(id=number, site=site)
        by_file[mutant["file"]].append(mutant)
    copy(names, by_file, folder, len(mutants) + 1)
    left_out = folder / "left_out.json"
    # What did not compile in an earlier weaving does not now.
    known = set(json.loads(left_out.read_text())) if left_out.exists() else set()
    dropped = {m["id"] for m in mutants if m["name"] in known}
    environment = dict(os.environ, RUSTFLAGS="--cap-lints=allow")
    for turn in range(40):
        weave_all(by_file, folder, dropped)
        is_sound, faults, words = check(folder, environment)
        found = [(said, [at_fault(folder, *place) for place in places]) for said, places in faults]
        found = [(said, [guess for guess in each if guess]) for said, each in found]
        lost = [said for said, each in found if not each]
        blamed = {min(each, key=lambda guess: guess[0])[1] for _, each in found if each}
        print(f"turn {turn}: {len(faults)} errors, {len(dropped)} mutants left out so far", flush=True)
        if is_sound:
            break
        if not blamed:
            sys.exit(f"errors outside of every mutant: {lost[:10]}\n{words[-3000:]}")
        dropped |= {m["id"] for m in mutants if m["id"] in blamed or -1 - m["site"] in blamed}
        left_out.write_text(json.dumps([m["name"] for m in mutants if m["id"] in dropped]))
    else:
        sys.exit("still errors after 40 turns")
    marks = b"".join((folder / path).read_bytes() for path in by_file)
    woven = {int(number) for number in re.findall(rb"/\*<(\d+)\*/", marks)}
    kept = [m for m in mutants if m["id"] in woven]
    (folder / "mutants.json").write_text(json.dumps(kept))
    n_sites = len({m["site"] for m in kept})
    print(f"{len(listed)} mutants listed, {len(kept)} woven in at {n_sites} sites, {len(listed) - len(kept)} left out")


main()
