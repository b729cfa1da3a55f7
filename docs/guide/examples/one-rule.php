<?php

require 'clutch.php';

$card = newCard('loyalty-cards');
$body = [
    'cardNumber' => $card,
    'triggeringUUID' => 'late-order-' . bin2hex(random_bytes(8)),
    'campaignUUID' => '77c22a83-7d2e-59bd-9263-ae906eefe131',
    'campaignRuleUUID' => '91b5c5f2-824e-5f9c-a1c1-8fa8f48199a5',
];

foreach (['first', 'second'] as $time) {
    call('triggerCampaignRule', $body);
    $found = call('search', ['filters' => ['cardNumber' => $card], 'returnFields' => ['balances' => true]]);
    foreach ($found['cards'][0]['balances'] as $balance) {
        echo "$time call: $balance[amount] points", PHP_EOL;
    }
}
