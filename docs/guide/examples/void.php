<?php

require 'clutch.php';

$card = newCard();
$amount = ['balanceType' => 'Currency', 'balanceCode' => 'USD', 'amount' => '25.00'];
$issued = call('updateBalance', ['cardNumber' => $card, 'action' => 'issue', 'amount' => $amount]);

for ($nth = 0; $nth < 2; $nth++) {
    $answer = call('voidTransaction', ['cardNumber' => $card, 'requestRef' => $issued['requestRef']]);
    echo $answer['success'] ? 'taken back' : "refused: $answer[errorCode]", PHP_EOL;
}
