//! Rebuilds when a file that is compiled into the program is added, changed or taken away.

fn main() {
    for folder in ["models", "profiles/scotland", "scenarios"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
