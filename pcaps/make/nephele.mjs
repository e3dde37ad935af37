// Nephele on a folder: npm install nephele @nephele/adapter-file-system @nephele/authenticator-none express@4
// usage: nephele.mjs FOLDER PORT
import express from "express";
import nephele from "nephele";
import FileSystem from "@nephele/adapter-file-system";
import Nobody from "@nephele/authenticator-none";

const adapter = new FileSystem({ root: process.argv[2] });
const authenticator = new Nobody();
express().use("/", nephele({ adapter, authenticator })).listen(Number(process.argv[3]));
