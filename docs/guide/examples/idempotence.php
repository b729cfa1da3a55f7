<?php

require 'clutch.php';

$amount = ['balanceType' => 'Currency', 'balanceCode' => 'USD', 'amount' => '25.00'];
$body = ['cardNumber' => newCard(), 'action' => 'issue', 'amount' => $amount];
$order = ['customRequestId' => 'order-' . bin2hex(random_bytes(8))];

$first = call('updateBalance', $body, $order);
$again = call('updateBalance', $body, $order);

printf("first: success %s\n", json_encode($first['success']));
printf("again: success %s, errorCode %d\n", json_encode($again['success']), $again['errorCode']);
if ($again['originalRequestRef'] === $first['requestRef']) {
    echo "again names the first call\n";
}
