<?php

require 'clutch.php';

$card = newCard('loyalty-cards');

$keys = [['key' => 'newsletter', 'value' => 'spring']];
$answer = call('triggerCustomCampaigns', ['cardNumber' => $card, 'customKeyValues' => $keys]);
foreach ($answer['responseMessages'] as $message) {
    echo $message, PHP_EOL;
}

$answer = call('processMessage', ['cardNumber' => $card, 'message' => 'HELLO']);
echo "rules fired by the message: $answer[triggeredRuleCount]", PHP_EOL;
