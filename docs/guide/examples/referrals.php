<?php

require 'clutch.php';

$card = newCard('loyalty-cards');
$bought = ['checkoutTotalSum' => '120.50', 'checkoutCount' => 3];
$answer = call('triggerReferRewards', ['cardNumber' => $card] + $bought);
printf("reported: success %s\n", json_encode($answer['success']));

$found = call('search', ['filters' => ['cardNumber' => $card], 'returnFields' => ['balances' => true]]);
foreach ($found['cards'][0]['balances'] as $balance) {
    echo "for her friends: $balance[amount] points", PHP_EOL;
}
