#!/usr/bin/env Rscript
# SPDX-License-Identifier: BSD-3-Clause
# Diagnostics of traces by Stan's R package posterior (Debian: r-cran-posterior).
#
# Usage: make_posterior_references.R > tests/numeric/references/posterior.h
#
# A trace follows from its recipe by additions, products and divisions of doubles in a fixed order,
# so that tests/numeric/test_diagnostics.c has the same bits: u is the minimal standard generator of
# Park and Miller, s <- 16807 s mod 2^31 - 1, u = s / (2^31 - 1), one stream for all chains;
# y <- phi y + (u - 1/2) from y = 0, 20 steps before the first draw of each chain. Draw i of chain c
# is (1 + scale c) z + shift c + trend i with z = y, or the whole part of levels u if levels > 0, or
# 1 / (u - 1/2) if levels < 0.
suppressPackageStartupMessages(library(posterior))

state <- 1
uniform <- function() {
    state <<- (16807 * state) %% 2147483647
    state / 2147483647
}

trace <- function(chains, draws, seed, phi, scale, shift, trend, levels) {
    state <<- seed
    x <- matrix(0, draws, chains)
    for (c in 0:(chains - 1)) {
        y <- 0
        for (i in -20:(draws - 1)) {
            u <- uniform()
            y <- phi * y + (u - 0.5)
            z <- if (levels > 0) floor(levels * u) else if (levels < 0) 1 / (u - 0.5) else y
            if (i >= 0)
                x[i + 1, c + 1] <- (1 + scale * c) * z + shift * c + trend * i
        }
    }
    x
}

show <- function(x)
    ifelse(is.na(x), "NAN", ifelse(is.infinite(x), "INFINITY", sprintf("%.17g", x)))

row <- function(...) {
    recipe <- c(...)
    x <- do.call(trace, as.list(recipe))
    quietly <- function(expression) suppressWarnings(as.numeric(expression))
    bulk <- posterior:::.rhat(posterior:::z_scale(posterior:::.split_chains(x)))
    distances <- posterior:::fold_draws(x)
    folded <- posterior:::.rhat(posterior:::z_scale(posterior:::.split_chains(distances)))
    numbers <- quietly(c(mean(x), sd(x), rhat(x), bulk, folded, ess_bulk(x), ess_tail(x),
                         ess_mean(x), mcse_mean(x), mcse_sd(x)))
    probabilities <- c(0, 0.1, 0.5, 0.95, 1)
    quantiles <- quietly(c(quantile(x, probabilities), ess_quantile(x, probabilities),
                           mcse_quantile(x, probabilities)))
    cat(sprintf("{{%s},\n {%s},\n {%s}},\n", paste(show(recipe), collapse = ", "),
                paste(show(numbers), collapse = ", "), paste(show(quantiles), collapse = ", ")))
}

cat("/* SPDX-License-Identifier: BSD-3-Clause */\n")
cat("/* Written by scripts/make_posterior_references.R with posterior",
    sprintf("%s. Do not edit. */\n", packageVersion("posterior")))
#   chains draws seed phi scale shift trend levels
row(4, 100, 1, 0, 0, 0, 0, 0)          # independent
row(4, 250, 2, 0.9, 0, 0, 0, 0)        # correlated
row(4, 500, 3, 0.97, 0, 0, 0, 0)
row(3, 101, 4, -0.5, 0, 0, 0, 0)       # better than independent, odd
row(2, 333, 5, -0.95, 0, 0, 0, 0)      # far better
row(4, 200, 6, 0, 0, 0, 0, -1)         # heavy tails
row(4, 200, 7, 0.5, 0, 0.3, 0, 0)      # chains at different places
row(4, 200, 8, 0.5, 1, 0, 0, 0)        # of different widths
row(4, 200, 9, 0.5, 0, 0, 0.01, 0)     # drifting
row(4, 60, 10, 0, 0, 0, 0, 3)          # ties
row(2, 64, 11, 0, 0, 0, 0, 2)          # two values: no tail below 95 %
row(1, 50, 12, 0.5, 0, 0, 0, 0)        # one chain
row(1, 2000, 13, 0.98, 0, 0, 0, 0)
row(64, 20, 14, 0.3, 0, 0, 0, 0)       # many chains
row(7, 1000, 15, 0.8, 0.01, 0, 0, 0)
row(2, 300, 16, 1, 0, 0, 0, 0)         # random walks
row(4, 10, 17, 0, 0, 0, 0, 1)          # constant
row(4, 10, 18, 0, 0, 1, 0, 1)          # constant chains, each at its place
# short; of fewer posterior makes other numbers out of a lost dimension
for (draws in 4:13)
    row(2, draws, 18 + draws, 0.2, 0, 0, 0, 0)
