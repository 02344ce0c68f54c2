// What names and values look like: which names say that a value is secret, which values are placeholders or say where a
// secret is instead of holding it, and how random a text is. Used by the detector and by rule functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace gabion::secrets {

/// How much a name says about its value.
enum class NameKind : std::uint8_t {
  kOther,     ///< nothing
  kHint,      ///< a secret, or the name of one: secret, token, credentials
  kKey,       ///< a key or token that a machine made: api_key, client_secret, access_token
  kPassword,  ///< a password, made by a person perhaps
};

/// Reads a name such as db_password, clientSecret or AWS_SECRET_ACCESS_KEY. Names of what is about a secret
/// (secret_arn, password_length, kms_key_id) are kOther.
[[nodiscard]] NameKind kind_of_name(std::string_view name);

/// Does the text stand for a value that somebody fills in: <password>, your-token-here, ****, ${...}, xxxx?
[[nodiscard]] bool is_placeholder(std::string_view value);

/// Only those of them that say so: what else stands for a value in documentation (foobar, 1234567890) may be one that
/// somebody uses.
[[nodiscard]] bool is_to_be_filled_in(std::string_view value);

/// Does the text say where a secret is: an ARN, a path, the address of a store, a template?
[[nodiscard]] bool is_reference(std::string_view value);

/// Is it a key or token that its issuer makes for the code of web pages, where everybody reads it: a publishable key of
/// Stripe, a client token of Datadog?
[[nodiscard]] bool is_published(std::string_view value);

/// Does the text say who somebody is: e-mail addresses with commas or blanks between them, or a distinguished name of
/// LDAP (CN=admin,OU=people,DC=example,DC=com)? These stand beside secrets, and are none.
[[nodiscard]] bool is_identity(std::string_view value);

/// Is the text a version, or a range of versions as package managers write them: 1.7.1, ^2.0, >=3.1.x?
[[nodiscard]] bool is_version(std::string_view value);

/// Does the text name a file by its path: bin/issue_token2.js?
[[nodiscard]] bool is_file_path(std::string_view value);

/// Is the text made of words, as names of things are: db-password, my_secret_name, /prod/token?
[[nodiscard]] bool is_made_of_words(std::string_view value);

/// Is it the name of something secret ("db-password", "DB_PASSWORD") rather than a secret?
[[nodiscard]] bool is_the_name_of_a_secret(std::string_view value);

/// Shannon's entropy in bits a byte.
[[nodiscard]] double entropy(std::string_view text);

/// Long and random enough to be made by a machine.
[[nodiscard]] bool is_random(std::string_view value);

}  // namespace gabion::secrets
