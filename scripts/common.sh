# SPDX-License-Identifier: BSD-3-Clause
# Sourced by scripts/demo, scripts/test and .ci/run: installs what is missing, and builds.
# shellcheck shell=bash
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"

# One row a package: the least that needs it (each of demo, test, deb, ci includes the ones before), its name, and why.
packages='
demo  gcc                      compiles the library
demo  libc6-dev                headers of the C library
demo  meson                    configures the build
demo  ninja-build              runs the build
demo  pkgconf                  finds libraries
demo  libopenblas-dev          fast BLAS
demo  liblapacke-dev           C interface of LAPACK
demo  libhdf5-dev              reads data sets from HDF5 files, writes traces
demo  gnuplot-nox              draws the learning curve
test  check                    framework of the tests
test  g++                      compiles the public headers as C++
test  gfortran                 the example in Fortran; runtime that a static OpenBLAS needs
test  binutils                 reads the symbols of the library
test  python3                  runs the tests of the binary interface
test  python3-pycparser        parses the public headers for them
test  python3-numpy            arrays of the Python package
test  python3-pytest           framework of its tests
test  abigail-tools            compares the binary interface with its baseline
test  locales                  a decimal comma to test against
deb   build-essential          what Debian expects to be there
deb   debhelper                steps of a package
deb   dh-python                those of Python
deb   dpkg-dev                 builds packages
deb   doxygen                  builds the reference
deb   libblas-dev              BLAS without a choice of implementation
deb   lintian                  checks packages
ci    clang                    second compiler
ci    libclang-rt-dev          its sanitizers and fuzzer
ci    libgomp1                 runtime of the OpenMP build
ci    gcc-aarch64-linux-gnu    compiles the portable path for another architecture
ci    libc6-dev-arm64-cross    headers for that compiler
ci    python3-xarray           reads traces as ArviZ does
ci    python3-netcdf4          netCDF-4 for it
ci    libjs-mathjax            renders the formulas of the documentation
ci    libopenmpi-dev           spreads sweeps over machines
ci    openmpi-bin              its launcher
ci    luajit                   runs the example in Lua
ci    mypy                     checks the type hints of the Python package
ci    nodejs                   runs the example in JavaScript, where npm can fetch koffi
ci    python3-matplotlib       draws the learning curve in Python
ci    man-db                   checks the manual pages
ci    mandoc                   checks them too
ci    libopenblas0-serial      another BLAS to run with
ci    libopenblas0-openmp      another
ci    libopenblas0-pthread     another
ci    libblas3                 the reference implementation
ci    liblapack3               of LAPACK too
ci    bsdextrautils            makes plain text of them
ci    shellcheck               checks these scripts
'

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "error: $*"
    exit 1
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = 'ii ' ]
}

# install_packages demo|test|deb|ci: quiet when nothing is missing.
install_packages() {
    local least name why missing=()
    command -v dpkg-query >/dev/null || fail "this script installs packages on Debian and its kin only." \
        "Elsewhere install the packages listed in scripts/common.sh, then: meson setup build && ninja -C build"
    while read -r least name why; do
        case "$1:$least" in
        demo:demo | test:demo | test:test | deb:[!c]* | ci:?*) is_installed "$name" || missing+=("$name|$why") ;;
        esac
    done <<<"$packages"
    [ ${#missing[@]} -gt 0 ] || return 0

    say "Installing with apt:"
    for name in "${missing[@]}"; do
        printf '  %-24s %s\n' "${name%%|*}" "${name#*|}" >&2
    done
    apt_install "${missing[@]%%|*}"
}

apt_install() {
    local as_root=() log
    command -v apt-get >/dev/null || fail "there is no apt-get here; install these packages: $*"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "installing needs root: run this as root, or install sudo," \
            "or have somebody run: apt-get install --no-install-recommends $*"
        as_root=(sudo)
    fi
    log=$(mktemp)
    local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@")
    # The list of packages may be missing or too old to download from; fetch it only then.
    if ! "${install[@]}" >"$log" 2>&1 </dev/null; then
        "${as_root[@]}" apt-get update >>"$log" 2>&1 || true
        if ! "${install[@]}" >"$log" 2>&1 </dev/null; then
            tail -n 15 "$log" >&2
            fail "apt could not install the packages above (whole log: $log). Is the network reachable," \
                "and do you have the right to install?"
        fi
    fi
    rm -f "$log"
}

# configure DIRECTORY [meson options]: quiet unless it fails.
configure() {
    local directory=$1 log
    shift
    mkdir -p "$directory"
    log=$directory/configure.log
    if [ -f "$directory/build.ninja" ]; then
        [ $# -eq 0 ] || meson configure "$directory" "$@" >"$log" 2>&1 || show "$log" "meson configure failed"
    else
        meson setup "$directory" "$@" >"$log" 2>&1 || show "$log" "meson setup failed"
    fi
}

# compile DIRECTORY [targets]: prints the compiler's warnings, and errors when there are any.
compile() {
    local log=$1/compile.log
    ninja -C "$@" >"$log" 2>&1 || show "$log" "the build failed"
    if grep -q 'warning:' "$log"; then
        cat "$log" >&2
    fi
}

show() {
    tail -n 60 "$1" >&2
    fail "$2 (whole log: $1)"
}
