#include "secrets/detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace gabion::secrets {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Letters and digits that look random; no two calls of different seeds give the same.
std::string random_text(std::size_t size, unsigned seed = 1,
                        std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
  std::string text;
  std::uint64_t state = seed * 2654435761U + 12345;
  while (text.size() < size) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    text += letters[(state >> 33U) % letters.size()];
  }
  return text;
}

constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

class DetectorTest : public ::testing::Test {
 protected:
  /// "what: text" of each token.
  std::vector<std::string> tokens(const std::string& text) {
    std::vector<std::string> result;
    for (const Token& token : detector_.tokens(text)) {
      result.push_back(std::string(token.what) + ": " + text.substr(token.begin, token.end - token.begin));
    }
    return result;
  }
  std::vector<std::string> written(const std::string& text) {
    std::vector<std::string> result;
    for (const Token& token : detector_.written(text)) {
      result.push_back(text.substr(token.begin, token.end - token.begin));
    }
    return result;
  }
  std::string secret(std::string_view name, std::string_view value) {
    return std::string(detector_.secret(name, value).value_or("-"));
  }

  Detector detector_;
};

// No token stands here as a whole: nobody's scanner is to take this file for a leak.
TEST_F(DetectorTest, HintsAreWhereNamesAndMarkersStand) {
  std::vector<std::string> words = {"pass",
                                    "PWD",
                                    "pSk",
                                    "Secret",
                                    "TOKEN",
                                    "credential",
                                    "apikey",
                                    "API_KEY",
                                    "api-key",
                                    "access_key",
                                    "accountkeys",
                                    "Auth-Key",
                                    "private_key",
                                    "sharedkeys",
                                    "signing-key",
                                    "storageKey",
                                    "master_keys",
                                    "LICENSE_KEY",
                                    "connection_string",
                                    "connectionstring",
                                    "authorization_key"};
  for (const std::string_view marker : markers()) {
    words.emplace_back(marker);
  }
  for (const std::string& word : words) {
    for (const std::string before : {"", "x", "ac", "pas ", "secre-", "\xff\x01"}) {
      for (const std::string after : {"", " ", "/q"}) {
        const std::string text = before + word + after;
        const std::vector<Detector::Part> hints = detector_.hints(text);
        ASSERT_EQ(hints.size(), 1U) << text;
        EXPECT_EQ(hints.front().begin, before.size()) << text;
        EXPECT_LE(hints.front().end, before.size() + word.size()) << text;
        EXPECT_TRUE(detector_.may_hold(text)) << text;
        const std::vector<Detector::Part> twice = detector_.hints(text + "\n" + text);
        ASSERT_EQ(twice.size(), 2U) << text;
        EXPECT_EQ(twice.back().begin, text.size() + 1 + before.size()) << text;
      }
    }
  }
  for (const std::string text : {"", "p", "pa", "pas", "accountant", "api-", "connection", "AKI", "Sekret"}) {
    EXPECT_THAT(detector_.hints(text), IsEmpty()) << text;
    EXPECT_FALSE(detector_.may_hold(text)) << text;
  }
}

TEST(Markers, AreNotTheBeginningOfOthers) {
  const std::vector<std::string_view> all = markers();
  for (const std::string_view one : all) {
    EXPECT_EQ(std::ranges::count_if(all, [&](std::string_view other) { return other.starts_with(one); }), 1) << one;
  }
}

TEST_F(DetectorTest, KnowsTheFormatsOfIssuers) {
  const std::vector<std::pair<std::string, std::string>> samples = {
      {"an access key of AWS", std::string("AK") + "IA" + random_text(16, 1, kUpper)},
      {"a temporary access key of AWS", std::string("AS") + "IA" + random_text(16, 2, kUpper)},
      {"a token of GitHub", std::string("gh") + "p_" + random_text(36, 3)},
      {"a token of GitHub", std::string("gh") + "s_" + random_text(36, 4)},
      {"a token of GitHub", std::string("github") + "_pat_" + random_text(22, 5) + "_" + random_text(59, 6)},
      {"a token of GitLab", std::string("gl") + "pat-" + random_text(20, 7, kUrl)},
      {"a token of Slack", std::string("xo") + "xb-" + random_text(12, 8, "0123456789") + "-" + random_text(24, 9)},
      {"a webhook of Slack", std::string("hooks.") + "slack.com/services/T" + random_text(8, 10, kUpper) + "/B" +
                                 random_text(8, 11, kUpper) + "/" + random_text(24, 12)},
      {"a secret key of Stripe", std::string("sk_") + "live_" + random_text(24, 13)},
      {"an API key of Google", std::string("AI") + "za" + random_text(35, 14, kUrl)},
      {"a token of npm", std::string("np") + "m_" + random_text(36, 15)},
      {"a token of PyPI", std::string("py") + "pi-AgE" + random_text(80, 16, kUrl)},
      {"an API key of SendGrid", std::string("S") + "G." + random_text(22, 17, kUrl) + "." + random_text(43, 18, kUrl)},
      {"an API key of Twilio", std::string("S") + "K" + random_text(32, 19, kHex)},
      {"a client secret of Azure", std::string("a1B") + "8Q~" + random_text(33, 20, kUrl)},
      {"a token of DigitalOcean", std::string("dop") + "_v1_" + random_text(64, 21, kHex)},
      {"a token of Vault", std::string("hv") + "s." + random_text(90, 22, kUrl)},
      {"a token of HCP Terraform", random_text(14, 23) + ".atlas" + "v1." + random_text(67, 24, kUrl)},
  };
  for (const auto& [what, token] : samples) {
    EXPECT_THAT(tokens(token), ElementsAre(what + ": " + token));
    EXPECT_THAT(tokens("x = \"" + token + "\"\n"), ElementsAre(what + ": " + token));
    EXPECT_TRUE(detector_.may_hold("a" + std::string(1000, ' ') + token));
  }
}

TEST_F(DetectorTest, LengthAndSurroundingsCount) {
  EXPECT_THAT(tokens(std::string("AK") + "IA" + random_text(15, 1, kUpper)), IsEmpty());
  EXPECT_THAT(tokens(std::string("AK") + "IA" + random_text(17, 1, kUpper)), IsEmpty());
  EXPECT_THAT(tokens("XAK" + std::string("IA") + random_text(16, 1, kUpper)), IsEmpty());
  EXPECT_THAT(tokens("SKILLS_AND_THINGS"), IsEmpty());
  EXPECT_THAT(tokens("npm_config_registry_of_the_whole_company_and_more"), IsEmpty());
}

TEST_F(DetectorTest, ExamplesAndPlaceholdersAreNone) {
  for (const char* text : {"AKIAIOSFODNN7EXAMPLE", "AKIAXXXXXXXXXXXXXXXX", "postgres://user:password@host/db",
                           "postgres://user:${var.password}@host/db", "amqp://user:<password>@host", "https://a:b@c",
                           "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END",
                           "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
                           "git@github.com:org/repository", "https://example.com/a@b:c"}) {
    EXPECT_THAT(tokens(text), IsEmpty()) << text;
  }
}

TEST_F(DetectorTest, PrivateKeysUrlsAndWebTokens) {
  const std::string key = "-----BEGIN RSA " + std::string("PRIVATE KEY-----\n") + random_text(64, 1) + "\n" +
                          random_text(30, 2) + "\n-----END RSA " + "PRIVATE KEY-----";
  EXPECT_THAT(tokens("x" + key + "\ny"), ElementsAre("a private key: " + key));
  const std::string password = "n0t" + std::string("-so-secret");
  EXPECT_THAT(tokens("postgresql://app:" + password + "@db.internal:5432/app"),
              ElementsAre("a URL with a password: " + password));
  EXPECT_THAT(tokens("redis://:" + password + "@cache"), ElementsAre("a URL with a password: " + password));
  const std::string web = "ey" + std::string("JhbGciOiJIUzI1NiJ9.ey") + "JzdWIiOiIxMjM0In0." + random_text(43, 3, kUrl);
  EXPECT_THAT(tokens("Bearer " + web), ElementsAre("a JSON web token: " + web));
}

// A key of OpenSSH without a passphrase begins with the same letter nine times, and any short word may stand in it.
TEST_F(DetectorTest, FindsKeysOfOpenSsh) {
  const std::string begin = "-----BEGIN OPENSSH " + std::string("PRIVATE KEY-----\n");
  const std::string end = "\n-----END OPENSSH " + std::string("PRIVATE KEY-----");
  const std::string head = "b3BlbnNzaC1rZXktdjE" + std::string(5, 'A') + "BG5vbmU" + std::string(4, 'A') + "Ebm9uZQ" +
                           std::string(9, 'A') + "BAAAAMwAAAAtzc2gtZWQyNTUxOQ";
  const std::string key = begin + head + "\n" + random_text(30, 3) + "mock" + random_text(30, 4) + end;
  EXPECT_THAT(tokens(key), ElementsAre("a private key: " + key));
  EXPECT_THAT(tokens(begin + std::string(70, 'A') + end), IsEmpty());
  EXPECT_THAT(tokens(begin + "b3BlbnNzaC1rZXktdjEAAAAAEXAMPLEEXAMPLE" + end), IsEmpty());
}

TEST_F(DetectorTest, ChecksumsTellTokensFromOtherTexts) {
  // Thirty letters, and the checksum of them that an issuer would write.
  EXPECT_TRUE(has_valid_checksum("GabionBuildsWallsOfStones123453SLtQA"));
  EXPECT_FALSE(has_valid_checksum("GabionBuildsWallsOfStones123453SLtQ8"));
  EXPECT_FALSE(has_valid_checksum("short"));
  EXPECT_FALSE(has_valid_checksum("GabionBuildsWallsOfStones123453SLtQ-"));
}

TEST_F(DetectorTest, NamesSayWhatValuesAre) {
  EXPECT_EQ(secret("password", "Tr0ub4dor&3"), "a password");
  EXPECT_EQ(secret("password", "changeme"), "a password");
  EXPECT_EQ(secret("description", "Tr0ub4dor&3"), "-");
  EXPECT_EQ(secret("password", "${var.password}"), "-");
  EXPECT_EQ(secret("password", "<password>"), "-");
  EXPECT_EQ(secret("password", "db-password"), "-");
  EXPECT_EQ(secret("password", "required"), "-");
  EXPECT_EQ(secret("password", "not-set"), "-");
  EXPECT_EQ(secret("password", "NOT_USED"), "-");
  EXPECT_EQ(secret("password", "not-so-good-9"), "a password");
  EXPECT_EQ(secret("password_length", "Tr0ub4dor&3"), "-");
  EXPECT_EQ(secret("api_key", random_text(32, 1)), "what looks like a secret");
  EXPECT_EQ(secret("api_key", "my-api-key-name"), "-");
  EXPECT_EQ(secret("client_token", "pub" + random_text(32, 5, kHex)), "-");
  EXPECT_EQ(secret("client_token", random_text(35, 5, kHex)), "what looks like a secret");
  EXPECT_EQ(secret("token", "deploy"), "-");
  EXPECT_EQ(secret("token", random_text(24, 2)), "what looks like a secret");
  EXPECT_EQ(secret("secret_key", random_text(38, 3) + "/+"), "a secret access key of AWS");
  EXPECT_EQ(secret("api_token", random_text(38, 3) + "/+"), "what looks like a secret");
  EXPECT_EQ(secret("secret_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "-");
  EXPECT_EQ(secret("", std::string("AK") + "IA" + random_text(16, 4, kUpper)), "an access key of AWS");
}

TEST_F(DetectorTest, FindsAssignmentsInTexts) {
  const std::string value = "n0t" + std::string("-so-secret");
  EXPECT_THAT(written("#!/bin/sh\nexport DB_PASSWORD=" + value + "\nrun"), ElementsAre(value));
  EXPECT_THAT(written("{\"user\": \"a\", \"password\": \"" + value + "\"}"), ElementsAre(value));
  EXPECT_THAT(written("{\\\"password\\\": \\\"" + value + "\\\"}"), ElementsAre(value));
  EXPECT_THAT(written("Server=db;Uid=app;Pwd=" + value + ";"), ElementsAre(value));
  EXPECT_THAT(written("jdbc:mysql://db/app?user=a&password=" + value + "&ssl=true"), ElementsAre(value));
  EXPECT_THAT(written("url: password='" + value + "'"), ElementsAre(value));
  for (const std::string form : {"password => '", "password := \"", "'password' : '", "a=password\t=\t\"",
                                 "1-password:\"", "\"db.password\\\": \\\"", "password\\ = '", "no=password=\""}) {
    EXPECT_THAT(written("x: " + form + value + form.back() + " z"), ElementsAre(value)) << form;
  }
  for (const std::string form :
       {"password == \"", "password' '= \"", "password+=\"", "password\n=\"", "a password 12= \""}) {
    EXPECT_THAT(written("x " + form + value + "\" z"), IsEmpty()) << form;
  }
  EXPECT_THAT(written("./install --db-password " + value + " --now"), ElementsAre(value));
  EXPECT_THAT(written("./install --db-password '" + value + "'"), ElementsAre(value));
  for (const std::string form : {"--no-password ", "--password-file ", "-password ", "--secret-id ", "password "}) {
    EXPECT_THAT(written("./install " + form + value), IsEmpty()) << form;
  }
  EXPECT_THAT(written("./install --token $TOKEN --password --verbose2x"), IsEmpty());
  EXPECT_THAT(written("aws put --secret-string '{\"id\": \"" + random_text(24, 5) + "\"}'"), IsEmpty());
  const std::string bearer = random_text(32, 6);
  EXPECT_THAT(written("curl -H \"Authorization: Bearer " + bearer + "\" x"), ElementsAre(bearer));
  EXPECT_THAT(written("curl -H 'authorization: bearer $TOKEN' x"), IsEmpty());
  EXPECT_THAT(written("Authorization: Bearer is what the gateway expects"), IsEmpty());
  EXPECT_THAT(written("TOKEN=$(curl http://169.254.169.254/latest/api/token)"), IsEmpty());
  EXPECT_THAT(written("PASSWORD=$1\npassword: *\nsecret = data.x.y"), IsEmpty());
  EXPECT_THAT(written("XSRF-TOKEN=" + random_text(24, 5) + "; Path=/; Secure"), IsEmpty());
}

// The fields of an ARN are parted as names are from values.
TEST_F(DetectorTest, NamesOfSecretsInArnsAreNone) {
  const std::string name = std::string("github-token-") + "q8ZtR2";
  const std::string arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:" + name;
  EXPECT_THAT(written(arn), IsEmpty());
  EXPECT_THAT(written(R"({"Resource": ")" + arn + "\"}"), IsEmpty());
  EXPECT_THAT(written(":secret:" + name), IsEmpty()) << "behind an interpolation";
  EXPECT_THAT(written("user:secret:" + name), ElementsAre(name));
  EXPECT_THAT(written("arn:aws:s3:::a secret:" + name), ElementsAre(name));
}

TEST_F(DetectorTest, LongTextsTakeLinearTime) {
  for (const std::string piece : {"://", "-----BEGIN ", "eyJ", "password=", "password:password=", "8Q~", "a:b@c://",
                                  "AKIA", "password\\\"", "eyJaaaaaaaaaaaa."}) {
    std::string text;
    while (text.size() < 1'000'000) {
      text += piece;
    }
    static_cast<void>(detector_.written(text));
  }
}

}  // namespace
}  // namespace gabion::secrets
