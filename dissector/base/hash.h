/* hash: SipHash-2-4 (Aumasson, Bernstein 2012), a keyed hash an attacker who does not know the key
 * cannot make collide. For tables whose keys come from the wire. */
#pragma once

#include "dissector/base/span.h"

struct hash_key {
    uint64_t k0, k1; /* from a random source, chosen by the program (the library has none) */
};

uint64_t hash_bytes(const struct hash_key *key, struct span bytes);

/* SipHash-1-3: half the rounds, for what is hashed with every packet or resource. No attack on it
 * is known either. */
uint64_t hash_quick(const struct hash_key *key, struct span bytes);

/* The same of n words as little-endian bytes. */
uint64_t hash_words(const struct hash_key *key, const uint64_t *words, size_t n);
