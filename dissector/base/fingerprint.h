/* fingerprint: tells secrets apart without keeping them. */
#pragma once

#include "dissector/base/span.h"

/* A hash of it, the same in every part of the program; 0: it is empty. The key is no secret, and
 * need not be: who looks things up by a fingerprint hashes it once more with one that is, and
 * neither is ever told. */
uint64_t fingerprint_of(struct span secret);
