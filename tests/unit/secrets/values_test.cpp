#include "secrets/values.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::secrets {
namespace {

TEST(SecretNames, SayWhatTheValueIs) {
  for (const char* name : {"password", "db_password", "dbPassword", "DB_PASSWORD", "MASTER_PASSWORD_1", "passwd",
                           "admin_pwd", "passphrase", "password_wo", "password_base64", "pgpassword", "userPassword"}) {
    EXPECT_EQ(kind_of_name(name), NameKind::kPassword) << name;
  }
  for (const char* name : {"api_key", "apiKey", "API_KEY", "x-api-key", "client_secret", "access_token", "auth_token",
                           "AWS_SECRET_ACCESS_KEY", "secret_key", "private_key", "github_token", "signing_secret",
                           "tunnel1_preshared_key"}) {
    EXPECT_EQ(kind_of_name(name), NameKind::kKey) << name;
  }
  for (const char* name :
       {"secret", "token", "credentials", "database_secret", "connection_string", "request_token", "action_token"}) {
    EXPECT_EQ(kind_of_name(name), NameKind::kHint) << name;
  }
}

TEST(SecretNames, OfWhatIsAboutASecretAreNone) {
  for (const char* name : {"",
                           "secret_arn",
                           "kms_key_id",
                           "password_length",
                           "secret_name",
                           "token_ttl",
                           "key_name",
                           "public_key",
                           "password_policy",
                           "secret_id",
                           "passwordFile",
                           "tokens_per_minute",
                           "key",
                           "hash_key",
                           "primary_key_name",
                           "next_token",
                           "page_token",
                           "ChangeToken",
                           "clientRequestToken",
                           "lifecycle_action_token",
                           "continuation-token",
                           "bypass",
                           "compass",
                           "password_reset_url",
                           "is_password",
                           "partition_key",
                           "secret_version",
                           "api_key_source",
                           "private_key_path",
                           "enable_password",
                           "password_hash"}) {
    EXPECT_EQ(kind_of_name(name), NameKind::kOther) << name;
  }
  EXPECT_EQ(kind_of_name(std::string(100'000, 'p') + "password"), NameKind::kOther);
}

TEST(SecretValues, Placeholders) {
  for (const char* value :
       {"<password>", "your-token-here", "YOUR_API_KEY", "****", "********", "xxxxxxxx", "XXXX-XXXX", "replace-me",
        "example-token", "__password__placeholder", "TODO", "aaaaaaaa", "......", "insert_key", "dummy-value"}) {
    EXPECT_TRUE(is_placeholder(value)) << value;
  }
  for (const char* value : {"changeme", "Tr0ub4dor", "hunter2", "q8ZtR2vLxK5nB7wYcD3f"}) {
    EXPECT_FALSE(is_placeholder(value)) << value;
  }
}

TEST(SecretValues, References) {
  for (const char* value :
       {"arn:aws:secretsmanager:eu-west-1:111122223333:secret:a", "${var.password}", "/prod/db/password",
        "{{ .Values.password }}", "$DB_PASSWORD", "vault:secret/data#key", "ssm:/a/b", "./key.pem",
        "https://example.com/token", "op://vault/item/field", "%(password)s"}) {
    EXPECT_TRUE(is_reference(value)) << value;
  }
  EXPECT_FALSE(is_reference("correct-horse"));
}

TEST(SecretValues, OfWebPagesArePublished) {
  const std::string digits = "0123456789abcdef";
  EXPECT_TRUE(is_published("pub" + digits + digits));
  EXPECT_TRUE(is_published("pk_live_" + digits));
  EXPECT_FALSE(is_published("pub" + digits));
  EXPECT_FALSE(is_published("pub" + digits + digits + "0"));
  EXPECT_FALSE(is_published("pub" + digits + "0123456789ABCDEF"));
  EXPECT_FALSE(is_published("sk_live_" + digits));
}

TEST(SecretValues, SayWhoSomebodyIs) {
  for (const char* value : {"ops@example.com", "first.last+alerts@mail.example.co.uk", "a@example.com,b@example.com",
                            "a@example.com; b@example.com", "CN=admin2,OU=Users,OU=i2N,DC=i2n,DC=com",
                            "uid=app, ou=people, dc=example, dc=com"}) {
    EXPECT_TRUE(is_identity(value)) << value;
  }
  for (const char* value : {"", ",", "@example.com", "ops@", "ops@example", "ops@example.c0m", "app:s3cret@example.com",
                            "q8ZtR2vLxK5nB7wYcD3f@example.com", "a@example.com,hunter2", "CN=admin", "CN=,DC=com",
                            "PWD=a1b2,DC=com", "cn=a,b"}) {
    EXPECT_FALSE(is_identity(value)) << value;
  }
}

TEST(SecretValues, WordsMayEndInADigit) {
  for (const char* value : {"auth0-client-id", "oauth2-token", "s3_reader", "prod/db1/user", "private-jwt-key-base64",
                            "webhook_sha256_key", "ed25519-host-key"}) {
    EXPECT_TRUE(is_made_of_words(value)) << value;
  }
  for (const char* value : {"auth0", "base64", "tr0mbone-9", "q8-z2k-55x", "horse64-staple", "AKX7-PWQ2"}) {
    EXPECT_FALSE(is_made_of_words(value)) << value;
  }
}

TEST(SecretValues, VersionsAndFiles) {
  for (const char* value : {"^1.7.1", "~2.0", ">=3.1.x", "v1.2.3-rc.1", "1.10.0"}) {
    EXPECT_TRUE(is_version(value)) << value;
  }
  for (const char* value : {"", "1234", "10.0.0.1", "1..2", "v", "a1.2", "Tr0ub4dor", "1.", ".5", "^"}) {
    EXPECT_FALSE(is_version(value)) << value;
  }
  for (const char* value : {"bin/issue_token2.js", "keys/@shop/prod.json", "a/b.pem"}) {
    EXPECT_TRUE(is_file_path(value)) << value;
  }
  for (const char* value : {"token.js", "bin/token", "a/.env", "wJalr/K7MDENG.bPxRfiCY", "a b/c.js", "a/b.extension"}) {
    EXPECT_FALSE(is_file_path(value)) << value;
  }
}

TEST(SecretValues, Randomness) {
  EXPECT_TRUE(is_random("q8ZtR2vLxK5nB7wYcD3f"));
  EXPECT_TRUE(is_random("3f9a1c07be5d42e88a60d1c4"));
  EXPECT_FALSE(is_random("my-service-token-name"));
  EXPECT_FALSE(is_random("arn:aws"));
  EXPECT_FALSE(is_random("the quick brown fox jumps 42 times"));
  EXPECT_FALSE(is_random("1111111111111111111111"));
  EXPECT_FALSE(is_random("kubernetesServiceAccountToken"));
  EXPECT_FALSE(is_random("DoNotWriteTokensInPlainText"));
  EXPECT_DOUBLE_EQ(entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(entropy("abcd"), 2);
  EXPECT_DOUBLE_EQ(entropy(""), 0);
}

}  // namespace
}  // namespace gabion::secrets
