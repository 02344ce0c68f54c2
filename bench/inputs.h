// Inputs that every machine can make: copies of the example, and series that grow in one way. Shared by the programs
// here that run the whole program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace gabion::bench {

namespace fs = std::filesystem;

/// Bytes of all files below.
inline std::uint64_t bytes_below(const fs::path& root) {
  std::uint64_t bytes = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  }
  return bytes;
}

inline void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A module with a few resources that depend on its argument and on each other, and an output.
inline const std::string kModule = R"(variable "name" {
  type = string
}
locals {
  tags = { Name = var.name, Team = "platform" }
}
resource "aws_kms_key" "this" {
  description             = "key of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = local.tags
}
resource "aws_s3_bucket" "this" {
  bucket = "logs-${var.name}"
  tags   = merge(local.tags, { Key = aws_kms_key.this.arn })
}
output "bucket" {
  value = aws_s3_bucket.this.arn
}
)";

inline void instances(const fs::path& root, int size) {
  write(root / "main.tf", "resource \"aws_kms_key\" \"k\" {\n  count                   = " + std::to_string(size) +
                              "\n  description             = \"key ${count.index}\"\n"
                              "  enable_key_rotation     = true\n  deletion_window_in_days = 30\n"
                              "  tags                    = { Name = \"k-${count.index}\" }\n}\n"
                              "output \"arns\" {\n  value = aws_kms_key.k[*].arn\n}\n");
}

inline void elements(const fs::path& root, int size) {
  // range() makes no more than 1024 numbers.
  write(root / "main.tf", "locals {\n  names = flatten([for i in range(" + std::to_string(size / 50) +
                              ") : [for j in range(50) : \"bucket-${i}-${j}\"]])\n}\n"
                              "resource \"aws_s3_bucket\" \"b\" {\n"
                              "  for_each = toset(local.names)\n  bucket   = each.key\n}\n"
                              "resource \"aws_s3_bucket_versioning\" \"v\" {\n  for_each = aws_s3_bucket.b\n"
                              "  bucket   = each.value.id\n"
                              "  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n");
}

inline void calls(const fs::path& root, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) {
    const std::string name = "m" + std::to_string(i);
    text += "module \"" + name + "\" {\n  source = \"./module\"\n  name   = \"" + name + "\"\n}\n";
  }
  write(root / "main.tf", text);
  write(root / "module" / "main.tf", kModule);
}

inline void directories(const fs::path& root, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) {
    const std::string name = "m" + std::to_string(i);
    text += "module \"" + name + "\" {\n  source = \"./modules/" + name + "\"\n  name   = \"" + name + "\"\n}\n";
    write(root / "modules" / name / "main.tf", kModule);
  }
  write(root / "main.tf", text);
}

/// One chain of calls: each level passes its argument down and an output up.
inline void depth(const fs::path& root, int size) {
  constexpr int kChains = 40;
  fs::path at = root;
  for (int level = 0; level < size; ++level) {
    std::string text = level == 0 ? "" : kModule;
    for (int chain = 0; chain < (level == 0 ? kChains : 1); ++chain) {
      text += "module \"next" + std::to_string(chain) + "\" {\n  source = \"./next\"\n  name   = " +
              (level == 0 ? "\"c" + std::to_string(chain) + "\"" : "\"${var.name}x\"") + "\n}\n";
    }
    if (level > 0) {
      text += "output \"below\" {\n  value = module.next0.bucket\n}\n";
    }
    write(at / "main.tf", text);
    at /= "next";
  }
  write(at / "main.tf", kModule);
}

/// As many root modules.
inline void roots(const fs::path& root, int size) {
  for (int i = 0; i < size; ++i) {
    write(root / ("r" + std::to_string(i)) / "main.tf",
          kModule + "module \"other\" {\n  source = \"./other\"\n  name   = \"n" + std::to_string(i) + "\"\n}\n");
    write(root / ("r" + std::to_string(i)) / "other" / "main.tf", kModule);
  }
}

/// Roles with an inline policy and a key with a policy each, no two of them alike.
inline void policies(const fs::path& root, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) {
    const std::string n = std::to_string(i);
    text += "resource \"aws_iam_role\" \"r" + n + "\" {\n  name = \"r" + n +
            "\"\n  assume_role_policy = jsonencode({\n    Version   = \"2012-10-17\"\n    Statement = [{\n"
            "      Effect    = \"Allow\"\n      Action    = \"sts:AssumeRole\"\n"
            "      Principal = { AWS = \"arn:aws:iam::111122223333:role/caller-" +
            n +
            "\" }\n    }]\n  })\n}\n"
            "resource \"aws_iam_role_policy\" \"p" +
            n + "\" {\n  role   = aws_iam_role.r" + n +
            ".id\n  policy = jsonencode({\n    Version   = \"2012-10-17\"\n    Statement = [\n"
            "      { Effect = \"Allow\", Action = [\"s3:GetObject\", \"s3:PutObject\"], Resource = "
            "\"arn:aws:s3:::bucket-" +
            n +
            "/*\" },\n"
            "      { Effect = \"Allow\", Action = \"dynamodb:Query\", Resource = \"arn:aws:dynamodb:*:*:table/t" +
            n + "\" },\n    ]\n  })\n}\n";
  }
  write(root / "main.tf", text);
}

/// One file of so many megabytes.
inline void megabytes(const fs::path& root, int size) {
  constexpr std::size_t kMegabyte = 1000 * 1000;
  std::string text;
  for (std::size_t i = 0; text.size() < kMegabyte * static_cast<std::size_t>(size); ++i) {
    const std::string n = std::to_string(i);
    text += "resource \"aws_cloudwatch_log_group\" \"g" + n + "\" {\n  name              = \"/service/component-" + n +
            "\"\n  retention_in_days = 365\n  kms_key_id        = \"arn:aws:kms:eu-west-1:111122223333:key/" + n +
            "\"\n  tags = {\n    Name  = \"component-" + n + "\"\n    Owner = \"platform\"\n  }\n}\n";
  }
  write(root / "main.tf", text);
}

/// Copies of the bundled example, side by side.
inline void copies(const fs::path& root, int size) {
  for (int i = 0; i < size; ++i) {
    fs::create_directories(root);
    fs::copy(fs::path(GABION_SOURCE_DIR) / "testdata" / "example", root / ("root" + std::to_string(i)),
             fs::copy_options::recursive);
  }
}

}  // namespace gabion::bench
