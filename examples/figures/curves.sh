# SPDX-License-Identifier: BSD-3-Clause
# Runs against P that several figures look at.

small_curves() {
    run small <<GRID
dim       20
width     128
kappa     0.1
samples   $(full_or_quick 25,50,71,100,141,200,400,800 50,200)
dataset   $(full_or_quick 1,2,3 1,2)
method    network,ridge
start     prior,planted
chains    2
draws     $(full_or_quick 800 60)
thinning  $(full_or_quick 20 5)
burn-in   $(full_or_quick 10000 300)
GRID
    run small-theory <<GRID
dim       20
width     128
kappa     0.1
samples   $(full_or_quick 20:1000:48 50,200)
method    mf,mf_ard,mf_screened
start     prior,planted
GRID
}

paper_curves() {
    run paper <<GRID
dim       35
degree    4
width     512
kappa     0.05
samples   $(full_or_quick 125,250,500,1000,2000 50,100)
dataset   $(full_or_quick 1,2,3 1)
method    network,ridge
start     prior,planted
chains    2
draws     $(full_or_quick 500 20)
thinning  $(full_or_quick 20 5)
burn-in   $(full_or_quick 10000 100)
GRID
    run paper-theory <<GRID
dim       35
degree    4
width     512
kappa     0.05
samples   $(full_or_quick 100:10000:48 100,1000)
method    mf,mf_ard,mf_screened
start     prior,planted
GRID
}

# series RUN COLUMN X: blocks for gnuplot's index: posterior from the prior, planted, MF, MF-ARD, screened, kernel ridge.
series() {
    local method
    average "$(table "$1")" "$3" "$2" method=network start=prior
    printf '\n\n'
    average "$(table "$1")" "$3" "$2" method=network start=planted
    for method in mf mf_ard mf_screened; do
        printf '\n\n'
        average "$(table "$1-theory")" "$3" "$2" method=$method start=prior
    done
    printf '\n\n'
    average "$(table "$1")" "$3" "$2" method=ridge start=prior
    printf '\n\n'
    # the other branch, where there is one
    for method in mf mf_ard mf_screened; do
        average "$(table "$1-theory")" "$3" "$2" method=$method start=planted
        printf '\n\n'
    done
}
