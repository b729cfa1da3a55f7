<?php

require 'clutch.php';

call('createEventType', ['categoryId' => 'tasting', 'name' => 'Came to a tasting']);

$card = newCard('loyalty-cards');
$event = ['categoryId' => 'tasting', 'payload' => 'Juniper and rye'];
call('updateAccount', ['cardNumber' => $card, 'newEvents' => [$event]]);

$found = call('search', ['filters' => ['cardNumber' => $card], 'returnFields' => ['events' => true]]);
foreach ($found['cards'][0]['events'] as $each) {
    echo "$each[categoryId]: $each[payload]", PHP_EOL;
}
