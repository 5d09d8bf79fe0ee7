"""What docs/e2ee-vectors-2.json is made from, so that anybody can make it again from the document alone."""

NOTES = {
    "all": "Continues e2ee-vectors.json with its seeds, ids and times. Bytes are hex; QR texts and JSON are text.",
    "seeds": (
        "push key=35 (key id 5), push nonce=36, thumb key=37, thumb prefix=38, nonce of the second backup entry=39, "
        "CK of the second chain=40, DLK B=200"
    ),
    "ids": "second chain=c7, notice n_id=c8, file=c9, thumb=ca, another account=b9, an unknown device=b8",
    "bodies": (
        "One message of each kind. JSON is spelled as RFC 8785 has it (sorted keys, no blanks, integers only); its "
        "texts are free: neither NFC nor Unicode 15 is asked, only lone surrogates are refused. ref and reply_to are "
        "env_hash. Ids and hashes are hex, keys base64url. A location is in ten-thousandths of a degree."
    ),
    "padme_stored": "size of a file -> bytes the hub stores for it",
    "file": "the bytes 00 01 and 'hallo dk', 10 in all, as Padme leaves them; key 18, prefix 25",
    "thumb": "'thumb'",
    "keypkt_forward_opk": "forward_body under the header of keypkt_opk",
    "recovery_code": (
        "what is typed -> what is hashed: NFKC, then white space and dashes (U+002D, U+2010 to U+2015, U+2212) go, "
        "letters to upper case, 0 1 8 to O I B; 24 characters of A-Z and 2-7 are left, or it is refused"
    ),
    "recovery_words": "what is typed -> what is hashed",
    "kek_words": "of recovery_words; salt e1, t 2, m 32768 KiB",
    "blob_code": "as backup, but under the code ABCDEFGHIJKLMNOPQRSTUVWX with t 2, m 32768 KiB",
    "prf_input": "eval.first of account A",
    "prf_kek": "the key of prf_blob in the first file",
    "backup_entry_2": "device B, chain c7, start 3, CK 40, CSK 11, backup nonce 39",
    "entries_xor": "of backup_entry and backup_entry_2",
    "manifest_2": "version 8, these two entries, created T+1, nonce 27",
    "link_bundle_json": (
        "ids and hashes are hex, keys and documents base64url; aik is the public key. A pin is [account, aik, "
        "verified, newest dlkcert or null, newest devlist or null]: B, verified, with dlkcert_B and devlist_B; b9 "
        "with the public key of CSK 11, not verified, null, null. Chains: that of the first file, and c7 of device "
        "b8, account null (unknown author), start 3, CK 40, CSK 11."
    ),
    "link_bundle": "link_bundle_json under link_key, nonce 34",
    "link_reveal": "dsk32 | dbk32 | N_eph32 | rand32, what N reveals after sas_commit",
    "handover_qr_return": "kind 2 (1 is the handover, 2 the return), identity B",
    "safety_qr_other_side": "what B shows",
    "report": "of the envelope of the first file with its ft, kid 'k'",
    "dlkcert_B": "epoch 1, not_before T",
    "devlist_B": "epoch 1, version 1, created T: device B, added T",
    "agreement_documents": (
        "agreement: agreement_jcs. amendment: offer_rev 3, price_cents 1200, to 2026-07-06T18:00:00Z. return: as the "
        "amendment, which it follows. withdrawal: names the agreement."
    ),
    "sigrec_owner": "of the agreement, at T+2000; the renter at T+7000; the notary a second after each",
    "notary_owner": "a notary record is dochash32 | ts8 | signature64",
    "bundle_files": (
        "the files of bundle_zip: the amendment is signed from T+100000 on, the return from T+200000 on, in the same "
        "order; the renter withdraws at T+7001, witnessed at T+8001, which is late and changes nothing"
    ),
    "bundle_zip": (
        "base64url; files stored, sorted by name, dated 1980-01-01 00:00, made by Unix with mode 0600, no extra "
        "fields, no comment: the same content has the same bytes"
    ),
    "push": "push_notice sealed: zeros fill the JSON to the smallest of 512, 1024 and 2048 that holds it",
    "push_lengths": 'n -> length of the sealed {"t": n times x}; 2041 is refused',
    "rfc8291": "Appendix A of RFC 8291, base64url",
}
