/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file mflearn.h
 * @brief The whole public interface.
 */
#ifndef MFLEARN_MFLEARN_H
#define MFLEARN_MFLEARN_H

#include <mflearn/context.h>
#include <mflearn/dataset.h>
#include <mflearn/diagnostics.h>
#include <mflearn/diagram.h>
#include <mflearn/empirical.h>
#include <mflearn/model.h>
#include <mflearn/network.h>
#include <mflearn/options.h>
#include <mflearn/path.h>
#include <mflearn/sampler.h>
#include <mflearn/ridge.h>
#include <mflearn/spectrum.h>
#include <mflearn/status.h>
#include <mflearn/task.h>
#include <mflearn/theory.h>
#include <mflearn/types.h>
#include <mflearn/version.h>

#endif
