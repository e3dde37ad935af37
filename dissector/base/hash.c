/* SipHash, written from the paper's description. */
#include "dissector/base/hash.h"

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void round_once(struct state *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 = rotate(s->v2, 32);
}

static inline void compress(struct state *s, uint64_t word, unsigned n_rounds)
{
    s->v3 ^= word;
    for (unsigned i = 0; i < n_rounds; i++)
        round_once(s);
    s->v0 ^= word;
}

/* Written so that compilers make one load of it. */
static inline uint64_t whole_word(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

/* What is behind the whole words, and their number of bytes in the highest byte. */
static inline uint64_t last_word(struct span bytes)
{
    size_t n = bytes.len % 8;
    uint64_t word = 0;
    if (n > 0 && bytes.len > 8) /* the end of the eight bytes before the end */
        word = whole_word(bytes.ptr + bytes.len - 8) >> 8 * (8 - n);
    else
        for (size_t i = n; i > 0; i--)
            word = word << 8 | bytes.ptr[i - 1];
    return word | (uint64_t)bytes.len << 56;
}

static inline struct state begin(const struct hash_key *key)
{
    return (struct state){
        key->k0 ^ 0x736f6d6570736575,
        key->k1 ^ 0x646f72616e646f6d,
        key->k0 ^ 0x6c7967656e657261,
        key->k1 ^ 0x7465646279746573,
    };
}

static inline uint64_t finish(struct state *s, unsigned n_rounds)
{
    s->v2 ^= 0xff;
    for (unsigned i = 0; i < n_rounds; i++)
        round_once(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

static inline struct state take_bytes(const struct hash_key *key, struct span bytes,
                                      unsigned n_rounds)
{
    struct state s = begin(key);
    size_t whole = bytes.len / 8 * 8;
    for (size_t at = 0; at < whole; at += 8)
        compress(&s, whole_word(bytes.ptr + at), n_rounds);
    compress(&s, last_word(bytes), n_rounds);
    return s;
}

uint64_t hash_bytes(const struct hash_key *key, struct span bytes)
{
    struct state s = take_bytes(key, bytes, 2);
    return finish(&s, 4);
}

uint64_t hash_quick(const struct hash_key *key, struct span bytes)
{
    struct state s = take_bytes(key, bytes, 1);
    return finish(&s, 3);
}

uint64_t hash_words(const struct hash_key *key, const uint64_t *words, size_t n)
{
    struct state s = begin(key);
    for (size_t i = 0; i < n; i++)
        compress(&s, words[i], 1);
    compress(&s, (uint64_t)n << 59, 1);
    return finish(&s, 3);
}
