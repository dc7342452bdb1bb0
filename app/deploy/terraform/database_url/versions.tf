# No provider: the rules are tested on any machine that has terraform (tests/terraform), without a network.
terraform {
  required_version = ">= 1.11" # 1.10: ephemeral values; 1.11: the write-only arguments that take them
}
