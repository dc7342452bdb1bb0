# staging. No secret stands here: the password comes from TF_VAR_db_password, the image from TF_VAR_image.
project     = "vividly-staging"
region      = "europe-west1"
environment = "staging"

db_connection       = "vpc"
db_tier             = "db-custom-1-3840"
db_highly_available = false

instances             = { min = 1, max = 4 }
notification_channels = []
