# Completion of davscope for bash. What options, formats and verdicts there are is asked of the
# program itself.

_davscope() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} choices
    local program=${COMP_WORDS[0]}
    case $before in
    -i | --interface) choices=$("$program" -D 2>/dev/null | cut -f 1) ;;
    -o | --output)
        choices=$("$program" --help | sed -n '/^Formats of -o/,/^$/s/^  \([a-z]*\) .*/\1/p')
        ;;
    --only | --fail-on | --record-on) choices="all-ok mixed all-failed empty undecodable incomplete" ;;
    --resources) choices="all problems none" ;;
    --color) choices="auto always never" ;;
    -T | --threads) choices=$(seq "$(nproc)") ;;
    --user) choices=$(compgen -u) ;;
    *)
        case $word in
        -*) choices=$("$program" --help | grep -oE '^  (-[a-zA-Z],|   ) --[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+') ;;
        esac
        ;;
    esac
    if [ -n "$choices" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -o filenames -F _davscope davscope
