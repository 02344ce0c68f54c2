// A hand-made analysis with one of everything that reports show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "findings/fingerprint.h"
#include "report/report.h"
#include "source/artifact.h"
#include "unit/findings/sorted.h"

namespace gabion::report {

/// Artifacts and findings; `report()` looks at them.
class Sample {
 public:
  Sample() {
    main_ = artifacts.add("main.tf", std::string(kMain)).id();
    module_ = artifacts.add("modules/key store/main.tf", std::string(kModule)).id();
    policy_ = artifacts.add("policy.json", std::string(kPolicy)).id();
    broken_ = artifacts.add("broken.tf", "resource \"aws_s3_bucket\" \"b\" {\n\tbucket = \"unclosed\n}\n").id();

    rotation.id = "aws-kms-key-rotation";
    rotation.title = "KMS key does not rotate";
    rotation.severity = findings::Severity::kMedium;
    rotation.why = "A key that never changes protects all data ever encrypted with it, for as long as it leaks.";
    rotation.since = "0.1.0";
    rotation.references = {"https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"};
    rotation.aliases = {"OTHER_7", "OTHER-0065"};
    rotation.controls = {{"cis-aws", {"3.6"}}, {"nist-800-53", {"SC-12", "SC-28"}}};
    trust.id = "aws-iam-trust-requires-mfa";
    trust.title = "Role can be assumed without MFA";
    trust.severity = findings::Severity::kCritical;
    trust.why = "Whoever has a password has the role.";
    ingress.id = "aws-ec2-open-ingress";
    ingress.title = "Port open to the world";
    ingress.severity = findings::Severity::kHigh;
    silent.id = "aws-s3-versioning";
    silent.title = "Bucket without versions";
    silent.severity = findings::Severity::kLow;

    add_rotation();
    add_trust();
    add_ingress();
    add_suppressed();
    findings::sort(findings, artifacts);
    add_rest();
  }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  [[nodiscard]] Report report() const {
    Report result{artifacts,   findings, unresolved,
                  diagnostics, {},       {&ingress, &trust, &rotation, &silent},
                  "gabion",    "0.1.0",  "/home/user/live infra"};
    result.summary = {4, 2, 12, 1, 4, count(findings), true};
    return result;
  }

  source::ArtifactStore artifacts;
  findings::RuleDescription rotation;
  findings::RuleDescription trust;
  findings::RuleDescription ingress;
  findings::RuleDescription silent;
  std::vector<findings::Finding> findings;
  std::vector<findings::Unresolved> unresolved;
  findings::Diagnostics diagnostics;

 private:
  static constexpr std::string_view kMain = R"(module "keys" {
  source = "./modules/key store"
  rotate = false
}

resource "aws_security_group" "web" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    description = "ssh"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
)";
  static constexpr std::string_view kModule = R"(variable "rotate" {
  type = bool
}

resource "aws_kms_key" "a" {
  count               = 7
  enable_key_rotation = var.rotate
}
)";
  static constexpr std::string_view kPolicy = R"({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}]}
)";

  /// The place of the n-th occurrence of a text.
  [[nodiscard]] source::Region find(source::ArtifactId id, std::string_view text, int occurrence = 1) const {
    const std::string_view bytes = artifacts.get(id).bytes();
    std::size_t at = bytes.find(text);
    while (--occurrence > 0) {
      at = bytes.find(text, at + 1);
    }
    return {id, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + text.size())};
  }

  findings::Finding& add(const findings::RuleDescription& rule, std::string resource, std::string message,
                         source::Region region) {
    findings::Finding finding;
    finding.rule = &rule;
    finding.severity = rule.severity;
    finding.fingerprint = findings::fingerprint(rule.id, resource, "sample");
    finding.resource = std::move(resource);
    finding.message = std::move(message);
    finding.region = region;
    findings.push_back(std::move(finding));
    return findings.back();
  }

  void add_rotation() {
    for (int i = 0; i < 7; ++i) {
      findings::Finding& finding = add(rotation, "module.keys.aws_kms_key.a[" + std::to_string(i) + "]",
                                       "key rotation is off", find(module_, "var.rotate"));
      finding.trace = {{find(module_, "variable \"rotate\""), "var.rotate"},
                       {find(main_, "false"), "rotate = false given here"}};
      finding.fix = findings::Fix{"set rotate to true", findings::Safety::kSafe, {{find(main_, "false"), "true"}}};
    }
  }

  void add_trust() {
    findings::Finding& finding = add(trust, "", "role can be assumed without MFA", find(policy_, "\"sts:AssumeRole\""));
    finding.witness = findings::Witness{"arn:aws:iam::111122223333:user/x",
                                        "sts:AssumeRole",
                                        std::nullopt,
                                        {{"aws:MultiFactorAuthPresent", std::nullopt},
                                         {"aws:SourceIp", std::vector<std::string>{"198.51.100.7"}},
                                         {"aws:TagKeys", std::vector<std::string>{"a", "b"}}}};
    finding.environments = {"prod", "test"};
    const source::Region end = find(policy_, "root\"}");
    finding.fix = findings::Fix{"require MFA",
                                findings::Safety::kUnsafe,
                                {{{policy_, end.end, end.end}, ",\n  \"Condition\": {\"Bool\": {}}"}}};
  }

  void add_ingress() {
    const source::Region begin = find(main_, "ingress {");
    const source::Region end = find(main_, "}\n}");
    add(ingress, "aws_security_group.web", "port 22 is open to everybody", {main_, begin.begin, end.begin + 1});
  }

  void add_suppressed() {
    findings::Finding& finding =
        add(rotation, "module.keys.aws_kms_key.b", "key rotation is not set", find(module_, "\"aws_kms_key\""));
    finding.suppression = findings::Suppression{"inline", "rotated by hand", find(module_, "type = bool")};
  }

  void add_rest() {
    unresolved.push_back({&silent, "aws_s3_bucket.b", "depends on var.versions, which has no value",
                          find(main_, "\"aws_security_group\"")});
    const auto diagnose = [&](findings::DiagnosticSeverity severity, std::string code, std::string message,
                              std::string hint, source::Region region, std::string path) {
      findings::Diagnostic diagnostic;
      diagnostic.severity = severity;
      diagnostic.code = std::move(code);
      diagnostic.message = std::move(message);
      diagnostic.hint = std::move(hint);
      diagnostic.region = region;
      diagnostic.path = std::move(path);
      diagnostics.push_back(std::move(diagnostic));
    };
    diagnose(findings::DiagnosticSeverity::kError, "hcl-unclosed-string", "string is never closed",
             "add the missing quote", find(broken_, "\"unclosed"), "");
    diagnose(findings::DiagnosticSeverity::kError, "unreadable-file", "permission denied", "", {}, "secret\x1b[2J.tf");
    diagnose(findings::DiagnosticSeverity::kNote, "module-missing", "module \"far\" is not downloaded",
             "run `terraform init`", {}, "");
  }

  source::ArtifactId main_{};
  source::ArtifactId module_{};
  source::ArtifactId policy_{};
  source::ArtifactId broken_{};
};

}  // namespace gabion::report
