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

static inline void compress(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    round_once(s);
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

static uint64_t little_endian(const uint8_t *ptr, size_t len)
{
    uint64_t word = 0;
    for (size_t i = len; i > 0; i--)
        word = word << 8 | ptr[i - 1];
    return word;
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

uint64_t hash_bytes(const struct hash_key *key, struct span bytes)
{
    struct state s = begin(key);
    size_t whole = bytes.len / 8 * 8;
    for (size_t at = 0; at < whole; at += 8)
        compress(&s, whole_word(bytes.ptr + at));
    uint64_t tail = bytes.len > whole ? little_endian(bytes.ptr + whole, bytes.len - whole) : 0;
    compress(&s, tail | (uint64_t)bytes.len << 56);
    s.v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        round_once(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t hash_words(const struct hash_key *key, const uint64_t *words, size_t n)
{
    struct state s = begin(key);
    for (size_t i = 0; i <= n; i++) {
        uint64_t word = i < n ? words[i] : (uint64_t)n << 59;
        s.v3 ^= word;
        round_once(&s);
        s.v0 ^= word;
    }
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        round_once(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
