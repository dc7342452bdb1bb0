terraform {
  required_version = ">= 1.11"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.0, < 8.0" # write-only arguments of the secret's version and of the role
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}
