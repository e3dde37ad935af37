/* See tls_guess.h. */
#include "dissector/tls/tls_guess.h"

bool tls_guess_is_possible(const struct tls *tls)
{
    return tls->facts.has_server && !tls->facts.has_client && tls->guesses_left > 0 &&
           secrets_n_entries(tls->params.secrets) > 0;
}

/* Nothing is left behind of a random that is not the one. */
static bool try_random(struct tls_half *half, struct span random, const struct record *record,
                       uint8_t *out, struct opened *opened)
{
    struct keys_facts *facts = &half->tls->facts;
    const struct opener before = half->opener;
    memcpy(facts->client_random, random.ptr, random.len);
    facts->has_client = true;
    opener_share_tries(&half->opener, secrets_n_entries(half->tls->params.secrets));
    bool has_keys =
        opener_is_tls13(&half->opener) || opener_change_cipher(&half->opener) == OPENER_OPENED;
    if (has_keys && opener_open(&half->opener, record, out, opened) == OPENER_OPENED)
        return true;
    opener_free(&half->opener);
    half->opener = before;
    facts->has_client = false;
    return false;
}

bool tls_guess_open(struct tls_half *half, const struct record *record, uint8_t *out,
                    struct opened *opened)
{
    struct tls *tls = half->tls;
    const struct secrets *secrets = tls->params.secrets;
    struct span random;
    if (!tls_guess_is_possible(tls) || half->opener.crypt.cipher)
        return false;
    for (const void *at = NULL; tls->guesses_left > 0 && secrets_next_random(secrets, &at, &random);
         tls->guesses_left--)
        if (try_random(half, random, record, out, opened))
            return true;
    return false;
}
