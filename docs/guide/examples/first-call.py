import os

import requests

response = requests.post(
    os.environ["CLUTCH_URL"] + "/merchant/search",
    auth=(os.environ["CLUTCH_KEY"], os.environ["CLUTCH_SECRET"]),
    headers={
        "Brand": os.environ["CLUTCH_BRAND"],
        "Location": os.environ["CLUTCH_LOCATION"],
        "Terminal": os.environ["CLUTCH_TERMINAL"],
    },
    json={"filters": {}, "limit": 1},
    timeout=30,
)
print("success:", str(response.json()["success"]).lower())
