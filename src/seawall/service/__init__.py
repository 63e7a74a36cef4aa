"""The running service: supervised processes that share nothing but spool, lake, state and ledger.

`supervisor` starts each child as a command line (`seawall serve-collect`, `serve-push`, `serve-poll`, `serve-detect`,
`serve-web`, `serve-taxii`) and starts it again when it ends. Collectors write what comes into the spool (`spool`),
byte for byte; the detector takes finished segments from there, oldest first. Each child says how it fares in `status`.
"""
